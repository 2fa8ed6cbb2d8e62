// What the signed repository has. The domain asks; who answers holds the repository's signatures to be good.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "rollout/plan.h"

namespace suture::server {

struct OfferedLevel {
  std::string sha256;  ///< of the live patch's module
  /// Proven ways from it to `level`, 0 for no live patch.
  struct WayBack {
    rollout::Level to = 0;
    rollout::Way way = rollout::Way::replace;
  };
  std::vector<WayBack> ways_back{};
  rollout::Level floor = 0;  ///< no host of this kernel goes below
};

/// Of the repository's metadata that was trusted last; 0 for what is not known.
struct MetadataVersions {
  std::int64_t root = 0, timestamp = 0, snapshot = 0, targets = 0;
};

class Catalogue {
 public:
  virtual ~Catalogue() = default;
  /// Without asking the repository.
  virtual Result<MetadataVersions> versions() = 0;
  /// Nothing if there is no such level for this kernel.
  virtual Result<std::optional<OfferedLevel>> level(const std::string& release, const std::string& build_id,
                                                    rollout::Level level) = 0;
};

}  // namespace suture::server
