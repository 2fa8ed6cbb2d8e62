#pragma once

#include <optional>

#include "rollout/step.h"

namespace suture::rollout {

/// After a breach: tells treated hosts to go back, the last ring first, back_at_once of them at a time.
///
/// It has a breaker of its own, since taking back can hurt too: a host that was told, or went back, and is
/// silent since keeps its place, and more than back_failed_hosts that it harmed stop it.
void take_back(const Plan& plan, const Observations& seen, Time now, Step& step);

/// The way back for a host, along what was proven. Nothing: a person has to.
std::optional<Direction> way_back(const Plan& plan, const Host& host, bool damaged);

}  // namespace suture::rollout
