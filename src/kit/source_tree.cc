#include "kit/source_tree.h"

#include "base/words.h"

namespace suture::kit {

bool left_out(std::string_view path) {
  // Kconfig reads every file it can reach: init/Kconfig sources Documentation/Kconfig, crypto/Kconfig
  // those of arch/*/crypto, whatever the architecture.
  const auto name = base_name(path);
  if (name.starts_with("Kconfig")) return false;
  if (path.starts_with("Documentation/") || path.starts_with("tools/testing/")) return true;
  if (!path.starts_with("arch/")) return false;
  path.remove_prefix(5);
  return path.find('/') != std::string_view::npos && !path.starts_with("x86/");
}

}  // namespace suture::kit
