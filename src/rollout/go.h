#pragma once

#include "rollout/step.h"

namespace suture::rollout {

/// Works through the rings: lets those pass whose gates hold, and tells hosts of the rings that are open.
/// A breach freezes the rollout.
void go(const Plan& plan, const Observations& seen, Time now, Step& step);

}  // namespace suture::rollout
