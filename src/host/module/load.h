// Loading and unloading kernel modules (init_module(2), delete_module(2); kernel/module/main.c).
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "host/root.h"

namespace suture::host {

/// Loads the very bytes given: they go to the kernel through a sealed memory file, so that nobody can
/// change them between a verification and the loading. `name` is what errors call it. Returns when the
/// module's init function has, for a live patch when its transition has begun.
Status load_module(ByteView module, std::string_view name, std::string_view parameters = "");
/// The same from an open file.
Status load_module(int fd, std::string_view name, std::string_view parameters = "");

enum class Unloading {
  unloaded,
  in_use,  ///< something still holds it; a live patch that was just disabled does for a moment
  absent   ///< was not loaded
};

/// Never waits and never forces.
Result<Unloading> unload_module(std::string_view name);

/// Keeps modprobe from loading a module, by its name and by alias (modprobe.d(5)), until the next boot: in
/// /run/modprobe.d, as nothing that an agent does outlives one. Root may still insert its file. A module that is
/// loaded stays so.
Status block_module(const Root& root, std::string_view name);
Status unblock_module(const Root& root, std::string_view name);
/// Whether block_module() did. A file of ours that somebody changed is an error.
Result<bool> is_blocked(const Root& root, std::string_view name);

}  // namespace suture::host
