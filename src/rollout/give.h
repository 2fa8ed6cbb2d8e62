#pragma once

#include "rollout/step.h"

namespace suture::rollout {

/// Numbers an order and writes it down.
void give(const Host& host, Direction direction, Level level, const std::string& ring, Time now, Step& step);

}  // namespace suture::rollout
