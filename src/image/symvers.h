// Module.symvers: what a kernel and its modules export, and with which checksums.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::image {

struct Export {
  std::uint32_t crc;  ///< 0 where the kernel has no checksum for it
  std::string name;
  std::string module;       ///< "vmlinux", or the module's path in the build, like "net/core/failover"
  std::string module_name;  ///< "vmlinux", or the module's name as the kernel knows it: '-' became '_'
  std::string kind;         ///< EXPORT_SYMBOL or EXPORT_SYMBOL_GPL
  std::string ns;           ///< the namespace it is exported into; most have none
};

class Symvers {
 public:
  /// The format that scripts/mod/modpost.c writes since 5.4: five columns split by tabs, of which the
  /// last, the namespace, may be missing. `name` is what errors call the file; they add the line.
  static Result<Symvers> parse(std::string_view text, std::string_view name);

  /// None if the symbol is not exported.
  const Export* find(std::string_view symbol) const;
  /// Sorted by name.
  const std::vector<Export>& exports() const { return exports_; }

 private:
  std::vector<Export> exports_;
};

}  // namespace suture::image
