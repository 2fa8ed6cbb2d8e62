// Whether the drills that the policy asks for were kept.
#pragma once

#include "server/domain/policy/policies.h"
#include "server/domain/rollouts/rollouts.h"

namespace suture::server {

struct DrillStanding {
  std::optional<Time> last{};  ///< when one was kept: every host was back in the policy's time
  std::optional<Time> due{};   ///< nothing if the policy asks for none
  bool overdue = false;
};

Result<DrillStanding> drill_standing(Policies& policies, Rollouts& rollouts, Time now);

}  // namespace suture::server
