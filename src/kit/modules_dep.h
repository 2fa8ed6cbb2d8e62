// modules.dep (modules.dep(5)): the modules that a kernel ships. In which order to load them, soft
// dependencies and all, is the lab's matter.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::kit {

class ModulesDep {
 public:
  /// `name` is what errors call it. Paths are relative to the directory of modules.dep, and inside it.
  static Result<ModulesDep> parse(std::string_view text, std::string_view name);

  /// The module's file, "kernel/drivers/block/loop.ko" or "….ko.xz". Names may be written with '-' or '_'.
  Result<std::string> path(std::string_view module) const;

  /// Of every module, by the modules' names.
  std::vector<std::string> all() const;

 private:
  std::string name_;
  std::map<std::string, std::string, std::less<>> paths_;  // by module name
};

/// "snd_hda_intel" of "kernel/sound/pci/hda/snd-hda-intel.ko.xz".
std::string module_name(std::string_view path);

}  // namespace suture::kit
