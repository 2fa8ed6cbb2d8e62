#include "server/domain/overview/drills.h"

namespace suture::server {

Result<DrillStanding> drill_standing(Policies& policies, Rollouts& rollouts, Time now) {
  DrillStanding standing;
  const auto version = TRY(policies.active());
  const auto* policy = TRY(policies.at(version));
  if (policy == nullptr || !policy->drills) return standing;
  for (const auto& each : TRY(rollouts.all())) {
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
