#include "rollout/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "rollout/compare_groups.h"

namespace suture::rollout {
namespace {

Status check_gate(const Gate& gate, const std::string& place) {
  if (gate.soak < Seconds(0)) return fail("{}: the soak is negative", place);
  for (const auto& [name, percent] :
       {std::pair{"success_percent", gate.success_percent}, std::pair{"silent_percent", gate.silent_percent},
        std::pair{"loaded_percent", gate.loaded_percent}}) {
    if (percent > 100) return fail("{}: {} is {}, above 100", place, name, percent);
  }
  if (gate.success_percent == 0) return fail("{}: a success share of nothing would let any ring pass", place);
  return {};
}

Status check_comparison(const Comparison& comparison) {
  if (comparison.readings.empty()) return fail("comparison: names no reading");
  std::set<std::string> names;
  for (const auto& each : comparison.readings) {
    if (each.name.empty() || !names.insert(each.name).second)
      return fail("comparison: reading '{}': readings need different names", each.name);
    if (!std::isfinite(each.tolerated) || each.tolerated < 0)
      return fail("comparison: reading '{}': tolerates less than nothing", each.name);
  }
  if (!(comparison.false_alarm > 0 && comparison.false_alarm <= 0.5))
    return fail("comparison: false_alarm is {}, not between 0 and 0.5", comparison.false_alarm);
  // With few hosts even the clearest difference is chance too often for the comparison ever to say "worse".
  const auto each = false_alarm_of_each(comparison);
  if (auto enough = fewest_that_can_tell(each); comparison.fewest < enough)
    return fail("comparison: fewest: {} hosts on either side could never tell anything from chance; it takes {}",
                comparison.fewest, enough);
  return {};
}

}  // namespace

double false_alarm_of_each(const Comparison& comparison) {
  return comparison.false_alarm / static_cast<double>(comparison.readings.size());
}

std::string name_of(const Plan& plan, Level level) {
  const auto found = std::ranges::find(plan.names, level, &LevelName::level);
  return found == plan.names.end() ? fmt::format("level {}", level) : found->name;
}

Status check(const Plan& plan) {
  if (plan.rings.empty()) return fail("the rollout has no rings");
  if (plan.poll <= Seconds(0)) return fail("poll: must be longer than nothing");
  if (plan.transition <= Seconds(0)) return fail("transition: must be longer than nothing");
  if (plan.silence < plan.poll)
    return fail("silence: {} s is shorter than poll, {} s: every host would count as silent between two reports",
                plan.silence.count(), plan.poll.count());
  if (plan.drill < Seconds(0)) return fail("drill: the time to be back in is negative");
  if (plan.back_at_once == 0) return fail("back_at_once: 0 hosts at once would never take anything back");

  std::set<std::string> names;
  std::set<HostId> hosts;
  for (const auto& ring : plan.rings) {
    const auto place = "ring '" + ring.name + "'";
    if (ring.name.empty() || !names.insert(ring.name).second) return fail("{}: rings need different names", place);
    if (ring.hosts.empty()) return fail("{}: has no hosts, so its gate could show nothing", place);
    if (ring.at_once == 0) return fail("{}: 0 hosts at once would never begin", place);
    if (ring.pause < Seconds(0)) return fail("{}: the pause between hosts is negative", place);
    for (const auto& host : ring.hosts) {
      if (!hosts.insert(host.id).second) return fail("{}: host '{}' is in a ring already", place, host.id);
      if (host.before == plan.level)
        return fail("{}: host '{}' runs {} already", place, host.id, name_of(plan, plan.level));
    }
    TRY(check_gate(ring.gate, place));
  }
  for (const auto& host : plan.holdback) {
    if (hosts.contains(host)) return fail("holdback: host '{}' is in a ring too", host);
  }
  if (plan.comparison) TRY(check_comparison(*plan.comparison));
  return {};
}

Seconds soak_of(const Plan& plan, const Ring& ring) { return std::max(ring.gate.soak, plan.poll + plan.transition); }

}  // namespace suture::rollout
