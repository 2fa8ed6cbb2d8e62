// What one ring's gate says at one moment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rollout/observations.h"
#include "rollout/state.h"

namespace suture::rollout {

struct GateView {
  std::optional<std::string> breach;  ///< why hosts must be taken back
  std::vector<std::string> holds;     ///< what is missing; the ring passes if there is neither
  bool passes() const { return !breach && holds.empty(); }
};

/// Of a ring that has begun. `state` has taken in `seen` already.
GateView judge(const Plan& plan, std::size_t ring, const State& state, const Observations& seen, Time now);

/// Whether a host did not report for as long as the plan calls silence. Silence is neither success nor
/// failure: it blocks, and takes nothing back.
bool is_silent(const Plan& plan, const Observations& seen, const HostId& host, Time now);

/// Why nobody is told anything: most of the hosts that were never treated are silent too, so that what
/// ails them is not this level (a partition, or trouble on this side).
std::optional<std::string> find_partition(const Plan& plan, const State& state, const Observations& seen, Time now);

}  // namespace suture::rollout
