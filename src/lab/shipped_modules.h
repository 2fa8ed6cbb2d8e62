// The modules that a kernel ships, and in which order to load some of them, as depmod wrote it down
// in modules.dep, modules.softdep and modules.alias (modules.dep(5), modprobe.d(5)).
//
// Soft dependencies matter: they name the crypto algorithms that a module asks for while it loads
// ("libcrc32c pre: crc32c"), by alias, and without them it, and all that need it (btrfs, xfs,
// nf_conntrack), do not load in a guest where nothing answers the kernel's request_module().
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture::lab {

class ShippedModules {
 public:
  /// Reads depmod's files in `root` (lib/modules/RELEASE).
  static Result<ShippedModules> open(const fs::path& root);
  /// The same from their text; `name` is what errors call their directory.
  static Result<ShippedModules> parse(std::string_view dep, std::string_view softdep, std::string_view alias,
                                      const fs::path& root);

  bool has(std::string_view name) const { return modules_.find(name) != modules_.end(); }

  /// The wanted modules and whatever they need, each after what it needs. Wanted names that are
  /// not shipped as a module are left out. Circles in soft dependencies are cut.
  std::vector<std::string> load_order(const std::vector<std::string>& wanted) const;

  /// The module's ELF file, decompressed if need be. The module must be shipped.
  Result<Bytes> read(std::string_view name) const;

 private:
  struct Module {
    fs::path path = {};
    std::vector<std::string> needs = {};
    std::vector<std::string> softly = {};  ///< names of modules, or aliases
  };
  class Ordering;
  Status add_dependencies(std::string_view dep, const fs::path& root);
  void add_soft_dependencies(std::string_view softdep);
  void add_aliases(std::string_view alias);

  std::map<std::string, Module, std::less<>> modules_;                    ///< by the kernel's name for it
  std::map<std::string, std::vector<std::string>, std::less<>> aliases_;  ///< to names of modules
};

/// As the kernel names modules: the stem of the file's name, '-' as '_'.
std::string module_name(std::string_view path);

}  // namespace suture::lab
