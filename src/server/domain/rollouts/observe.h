// What the engine is told of the world, from what hosts reported.
#pragma once

#include "rollout/observations.h"
#include "server/domain/policy/policies.h"
#include "server/domain/rollouts/checks.h"
#include "server/domain/rollouts/comparisons.h"
#include "server/domain/store.h"

namespace suture::server {

/// What is looked at.
struct Sources {
  Store& store;
  CheckAnswers& answers;
  Comparisons& comparisons;
  Policies& policies;
};

/// Of one rollout, now. A host that is held counts as one that never reported: nothing that it says is believed.
Result<rollout::Observations> observe(const Sources& sources, const Rollout& rollout, Time now);

}  // namespace suture::server
