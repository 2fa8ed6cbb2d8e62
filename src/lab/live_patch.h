// What there is to know about a livepatch module before it is loaded.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture::lab {

struct LivePatch {
  std::string name = {};                  ///< the kernel's name for it, as in /sys/kernel/livepatch
  std::string release = {};               ///< the kernel release that it was made for
  std::vector<std::string> objects = {};  ///< what it patches, sorted: "vmlinux" and names of modules
  Bytes file = {};
};

/// `objects` comes from the modinfo entry `suture_objects`, else from the names of livepatch
/// relocation sections (Documentation/livepatch/module-elf-format.rst); it is empty for a module
/// that has neither, whose objects are known only once it is loaded.
Result<LivePatch> read_live_patch(const fs::path& path);

}  // namespace suture::lab
