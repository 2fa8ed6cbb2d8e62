// What the signed repository has, as it was seen last. The domain asks; who answers holds the repository's signatures
// to be good, and visits it beside the server: a slow mirror keeps nobody waiting.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rollout/plan.h"
#include "trust/agent/agent_index.h"
#include "trust/level/kernel_index.h"

namespace suture::server {

struct OfferedLevel {
  std::string sha256{};  ///< of the live patch's module
  /// Proven ways from it to `level`, 0 for no live patch.
  struct WayBack {
    rollout::Level to = 0;
    rollout::Way way = rollout::Way::replace;
  };
  std::vector<WayBack> ways_back{};
  bool has_evidence = false;  ///< signed, of its tests
};

/// Of one kernel.
struct KernelOffer {
  trust::KernelIndex index{};
  std::map<rollout::Level, OfferedLevel> levels{};
};

/// Of the repository's metadata that was trusted last; 0 for what is not known.
struct MetadataVersions {
  std::int64_t root = 0, timestamp = 0, snapshot = 0, targets = 0;
};

struct Offers {
  std::map<std::string, KernelOffer> kernels{};  ///< by build-id of vmlinux
  std::optional<trust::AgentIndex> agent{};      ///< releases of the agent itself; nothing if there are none
  MetadataVersions versions{};
  std::string failure{};  ///< why the last visit told us nothing new; empty if it went well

  const KernelOffer* of(const std::string& release, const std::string& build_id) const {
    const auto found = kernels.find(build_id);
    return found == kernels.end() || found->second.index.release != release ? nullptr : &found->second;
  }
};

using Instant = std::chrono::steady_clock::time_point;

class Catalogue {
 public:
  virtual ~Catalogue() = default;
  virtual std::shared_ptr<const Offers> offers() = 0;
  /// Whether what offers() gives was asked for after `then`. If not, it is asked for now.
  virtual bool has_looked_since(Instant then) = 0;
};

/// The fixes that a host of this kernel gets by going from one level to another.
std::vector<trust::IndexedFix> fixes_gained(const trust::KernelIndex& index, rollout::Level from, rollout::Level to);

}  // namespace suture::server
