#include "agent_cli/floor.h"

#include "agent/levels/level_plan.h"
#include "agent_cli/offer.h"

namespace suture::agent_cli {

std::uint32_t level_below(const Site& site, const agent::History& history) {
  if (history.plans.size() < 2) return 0;
  const auto below =
      agent::level_in_force({.plans = {history.plans.begin(), history.plans.end() - 1}}, site.kernel_build_id());
  return below ? below->level : 0;
}

Status check_floor(const Site& site, const agent::History& history, std::uint32_t left) {
  const auto index = TRY(seen_index(site));
  const auto level = agent::level_in_force(history, site.kernel_build_id());
  if (!index || !level || level->level < index->floor || index->floor == 0) return {};
  if (left < index->floor)
    return fail(
        Error(fmt::format("level {} would be left, and {} is below the floor of this kernel, {}", level->level, left,
                          index->floor))
            .advise("the floor is signed offline: publish an index with a lower one, or reboot with suture=off"));
  return {};
}

}  // namespace suture::agent_cli
