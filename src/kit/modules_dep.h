// modules.dep (modules.dep(5)): which modules a module needs.
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

  /// What to insert, in this order, for the module to load: all that it needs, then itself.
  Result<std::vector<std::string>> load_order(std::string_view module) const;

 private:
  struct Entry {
    std::string path;
    std::vector<std::string> needs = {};  // the nearest first, as in the file; complete
  };
  Result<const Entry*> find(std::string_view module) const;

  std::map<std::string, Entry, std::less<>> entries_;  // by module name
};

/// "snd_hda_intel" of "kernel/sound/pci/hda/snd-hda-intel.ko.xz".
std::string module_name(std::string_view path);

}  // namespace suture::kit
