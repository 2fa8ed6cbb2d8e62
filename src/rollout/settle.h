#pragma once

#include "rollout/step.h"

namespace suture::rollout {

/// Takes in what hosts said: who applied, who failed, who is back.
void settle(const Plan& plan, const Observations& seen, Time now, Step& step);

}  // namespace suture::rollout
