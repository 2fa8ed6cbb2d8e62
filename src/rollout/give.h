#pragma once

#include "rollout/step.h"

namespace suture::rollout {

/// Numbers an order and writes it down: to the plan's level, or back to what the host ran before.
void give(const Plan& plan, const Host& host, Direction direction, const std::string& ring, Time now, Step& step);

}  // namespace suture::rollout
