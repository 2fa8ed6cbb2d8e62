// Live patches of the running kernel, as /sys/kernel/livepatch tells of them
// (Documentation/ABI/testing/sysfs-kernel-livepatch; kernel/livepatch/core.c of 6.1 and 6.12).
//
// The kernel has no list of disabled live patches: one whose disabling has ended leaves sysfs, and only
// its module stays. To enable it again, unload the module and load it anew.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/known.h"
#include "host/root.h"

namespace suture::host {

struct LiveFunction {
  std::string name;
  std::uint32_t position = 0;  ///< among equal names in its object, from 1
};
BOOST_DESCRIBE_STRUCT(LiveFunction, (), (name, position))

struct LiveObject {
  std::string name;     ///< "vmlinux", or a module's name
  Known<bool> patched;  ///< false while its module is not loaded
  std::vector<LiveFunction> functions;
};
BOOST_DESCRIBE_STRUCT(LiveObject, (), (name, patched, functions))

struct LivePatchState {
  std::string name;  ///< of the module
  bool enabled = false;
  bool transition = false;  ///< at most one live patch of a kernel is in transition
  Known<bool> replaces;     ///< replaces all others; the kernel tells since 6.11
  /// What it replaces. While and after it replaces another atomically, also functions that the other one
  /// patched and it does not: the kernel adds them, to lead back to the original (klp_add_nops()).
  std::vector<LiveObject> objects;
};
BOOST_DESCRIBE_STRUCT(LivePatchState, (), (name, enabled, transition, replaces, objects))

/// All, sorted by name. Fails if this kernel has no live patching, or sysfs is not there.
Result<std::vector<LivePatchState>> live_patches(const Root& root);
/// One; fails if it is not there.
Result<LivePatchState> live_patch(const Root& root, std::string_view name);
/// Whether sysfs has it. Cheap.
bool has_live_patch(const Root& root, std::string_view name);

/// Begins to disable it; or, if it is being enabled, turns back. Watch the transition for the end.
Status disable(const Root& root, std::string_view name);
/// Turns back while it is being disabled. The kernel refuses it in any other state.
Status enable_again(const Root& root, std::string_view name);

}  // namespace suture::host
