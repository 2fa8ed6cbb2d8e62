#include "server/domain/overview/drills.h"

#include "server/domain/rollouts/agent_releases.h"

namespace suture::server {

Result<DrillStanding> drill_standing(Policies& policies, Rollouts& rollouts, Time now) {
  DrillStanding standing;
  const auto version = TRY(policies.active());
  const auto* policy = TRY(policies.at(version));
  if (policy == nullptr || !policy->drills) return standing;
  for (const auto& each : TRY(rollouts.all())) {
    // That agents go back says nothing of live patches.
    if (is_of_agent(each)) continue;
    if (!each.state.drill_begun || !each.state.drill_took || *each.state.drill_took > policy->drills->within) continue;
    const auto ended = *each.state.drill_begun + *each.state.drill_took;
    standing.last = std::max(standing.last.value_or(ended), ended);
  }
  // Without any, the time counts from the policy's activation.
  standing.due = standing.last.value_or(TRY(policies.activated(version))) + policy->drills->every;
  standing.overdue = *standing.due < now;
  return standing;
}

}  // namespace suture::server
