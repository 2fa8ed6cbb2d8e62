#include <algorithm>

#include "base/digest.h"
#include "trust/tuf/metadata.h"
#include "trust/tuf/path_pattern.h"

namespace suture::trust::tuf {

bool Delegation::covers(std::string_view target_path) const {
  if (paths) {
    return std::any_of(paths->begin(), paths->end(),
                       [&](const std::string& pattern) { return matches(pattern, target_path); });
  }
  const auto hash = sha256_hex(as_bytes(target_path));
  return path_hash_prefixes && std::any_of(path_hash_prefixes->begin(), path_hash_prefixes->end(),
                                           [&](const std::string& prefix) { return hash.starts_with(prefix); });
}

}  // namespace suture::trust::tuf
