// A ring's hosts beside the holdback, before the ring began and since: Plan::comparison, from what hosts reported.
//
// It is looked at when the soak is over, and where that leaves it open, again after each soak more. To look all the
// time would find by chance what the plan calls a false alarm.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rollout/observations.h"
#include "rollout/state.h"

namespace suture::rollout {

/// What one report says of the time since the one before it.
struct Measured {
  Time at;          ///< when it reached us
  Level level = 0;  ///< that the host ran
  std::map<std::string, double> readings = {};
};
/// Of each host in the order of their coming; a host that is not believed is not there.
using Measurements = std::map<HostId, std::vector<Measured>>;

/// The last moment at which a ring that has begun is looked at; nothing before its soak is over.
std::optional<Time> last_look(const Plan& plan, std::size_t ring, const RingState& known, Time now);
/// Reports from before say nothing of how the hosts were before.
Time first_wanted(const Plan& plan, std::size_t ring, const RingState& known);

/// Why the ring cannot be compared, whatever its hosts will report: too few of them on either side. Hosts that are
/// silent, or have not reported enough, count here: what they would say may still come.
std::optional<std::string> find_not_applicable(const Plan& plan, std::size_t ring, const State& state);

/// What the reports until `look` say. Worse is a breach; too few of them are no data.
Check compare(const Plan& plan, std::size_t ring, const State& state, const Measurements& measured, Time look);

}  // namespace suture::rollout
