// A rollout and the policy that it is held to: when it is created, and at each moment after.
#pragma once

#include <string>
#include <vector>

#include "server/domain/policy/policies.h"
#include "server/domain/rollouts/make_rollout.h"

namespace suture::server {

/// Makes the rollout as strict as the policy wants it, and says what that changed; refuses one that may not be.
Outcome<std::vector<std::string>> hold_to_policy(Policies& policies, MadeRollout& made, Time now);

/// The same for a host that joins later: it may not bring a rule that the rollout has not been held to.
Done may_join(Policies& policies, const Rollout& rollout, const PolicySubject& subject, Time now);

/// Why nothing of it may begin now; empty if it may. Windows and freezes are those of the policy that it was created
/// under and of the one that holds now, approvals those that its plan's digest names.
Result<std::string> closed_now(Store& store, Policies& policies, const Rollout& rollout, Time now);

}  // namespace suture::server
