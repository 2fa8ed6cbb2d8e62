// The modules that a kernel ships, and in which order to load some of them.
//
// A kernel package holds no modules.dep: that is made where it is installed. What is needed of it
// (depmod's job) is read from the modules themselves: `depends`, `softdep`, and the aliases without
// a wildcard, by which softdeps name crypto algorithms ("pre: crc32c", without which libcrc32c, and
// so btrfs, xfs and nf_conntrack, do not load).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture::lab {

struct ShippedModule {
  std::string name;                     ///< as the kernel names it
  fs::path path;                        ///< a .ko, or one compressed as .ko.xz and the like
  std::vector<std::string> depends;     ///< names of modules
  std::vector<std::string> load_first;  ///< from softdeps: names of modules, or aliases
};

class ShippedModules {
 public:
  /// Reads every module below `root` (lib/modules/RELEASE).
  static Result<ShippedModules> index(const fs::path& root);

  /// Null if no module of this name is shipped.
  const ShippedModule* find(const std::string& name) const;

  /// The wanted modules and whatever they need, each after what it needs. Wanted names that are
  /// not shipped as a module are left out. Circles in softdeps are cut.
  std::vector<std::string> load_order(const std::vector<std::string>& wanted) const;

  /// For tests and other sources of modules.
  void add(ShippedModule module, const std::vector<std::string>& aliases);

 private:
  std::map<std::string, ShippedModule> modules_;
  std::map<std::string, std::vector<std::string>> aliases_;  ///< alias to names of modules
};

/// The module's ELF file, decompressed if need be.
Result<Bytes> read_module(const fs::path& path);

}  // namespace suture::lab
