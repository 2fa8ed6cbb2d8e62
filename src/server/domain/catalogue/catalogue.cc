#include "server/domain/catalogue/catalogue.h"

#include <algorithm>

namespace suture::server {

std::vector<trust::IndexedFix> fixes_gained(const trust::KernelIndex& index, rollout::Level from, rollout::Level to) {
  const auto fixes_of = [&](rollout::Level level) {
    const auto found = std::ranges::find(index.levels, level, &trust::IndexedLevel::level);
    return found == index.levels.end() ? std::vector<trust::IndexedFix>() : found->fixes;
  };
  const auto had = fixes_of(from);
  auto gained = fixes_of(to);
  std::erase_if(gained,
                [&](const auto& fix) { return std::ranges::find(had, fix.id, &trust::IndexedFix::id) != had.end(); });
  return gained;
}

}  // namespace suture::server
