#include "rollout/go.h"

#include <fmt/format.h>

#include <algorithm>

#include "rollout/gate.h"
#include "rollout/give.h"

namespace suture::rollout {
namespace {

std::size_t count_on_their_way(const Ring& ring, const State& state) {
  const auto is_told = [&](const Host& host) { return state.hosts.at(host.id).phase == HostPhase::told; };
  return static_cast<std::size_t>(std::ranges::count_if(ring.hosts, is_told));
}

// Silent hosts are not told: an order that waits for a host that comes back in a week is a surprise.
void tell_hosts(const Plan& plan, std::size_t index, const Observations& seen, Time now, Step& step) {
  const auto& ring = plan.rings[index];
  auto& known = step.state.rings[index];
  auto on_their_way = count_on_their_way(ring, step.state);
  for (const auto& host : ring.hosts) {
    if (step.state.hosts.at(host.id).phase != HostPhase::waiting) continue;
    if (is_silent(plan, seen, host.id, now)) continue;
    if (on_their_way >= ring.at_once) {
      step.waits.push_back(
          fmt::format("ring {}: {} hosts are on their way, as many as may be", ring.name, on_their_way));
      return;
    }
    if (known.last_told && now < *known.last_told + ring.pause) {
      step.waits.push_back(fmt::format("ring {}: the next host may be told in {} s", ring.name,
                                       (*known.last_told + ring.pause - now).count()));
      return;
    }
    if (!known.begun) {
      known.begun = now;
      step.events.push_back({ring.name, "", "begins"});
    }
    known.last_told = now;
    give(plan, host, Direction::go, ring.name, now, step);
    ++on_their_way;
  }
}

bool freeze_on_breach(const Plan& plan, const Observations& seen, Time now, Step& step) {
  for (std::size_t i = 0; i < plan.rings.size(); ++i) {
    if (!step.state.rings[i].begun) continue;
    const auto view = judge(plan, i, step.state, seen, now);
    if (!view.breach) continue;
    step.state.phase = Phase::frozen;
    step.state.reason = fmt::format("ring {}: {}", plan.rings[i].name, *view.breach);
    step.events.push_back({plan.rings[i].name, "", "breach: " + *view.breach});
    return true;
  }
  return false;
}

// What the comparison says is told where it decides: that there is none, and that the ring passes by it.
void tell_comparison(const Ring& ring, RingState& known, const Observations& seen, Step& step) {
  const auto found = seen.checks.find({ring.name, std::string(comparison_check)});
  if (found == seen.checks.end() || known.comparison == found->second.reason) return;
  if (!known.passed && found->second.answer != Answer::not_applicable) return;
  known.comparison = found->second.reason;
  step.events.push_back({ring.name, "", "comparison: " + known.comparison});
}

}  // namespace

void go(const Plan& plan, const Observations& seen, Time now, Step& step) {
  if (freeze_on_breach(plan, seen, now, step)) return;
  if (step.state.phase == Phase::paused) {
    step.waits.push_back("a person paused it: " + step.state.reason);
    return;
  }
  const auto partition = find_partition(plan, step.state, seen, now);
  if (partition) step.waits.push_back(*partition);
  if (seen.recalled) step.waits.push_back(name_of(plan, plan.level) + " was recalled");
  if (!seen.closed.empty()) step.waits.push_back(seen.closed);
  const bool may_tell = !partition && !seen.recalled && seen.closed.empty();

  for (std::size_t i = 0; i < plan.rings.size(); ++i) {
    auto& known = step.state.rings[i];
    if (may_tell) tell_hosts(plan, i, seen, now, step);
    if (known.passed) continue;
    if (!known.begun) {
      step.waits.push_back(fmt::format("ring {}: no host of it has been told", plan.rings[i].name));
      return;
    }
    tell_comparison(plan.rings[i], known, seen, step);
    const auto view = judge(plan, i, step.state, seen, now);
    for (const auto& hold : view.holds) step.waits.push_back(fmt::format("ring {}: {}", plan.rings[i].name, hold));
    // A ring may be full of answers while nothing may start: that it passes starts the next one.
    if (!view.passes() || !may_tell) return;
    known.passed = now;
    tell_comparison(plan.rings[i], known, seen, step);
    step.events.push_back({plan.rings[i].name, "", "passes"});
  }
  if (plan.drill > Seconds(0)) {
    step.state.phase = Phase::frozen;
    step.state.reason = fmt::format("a drill: every host is to be back within {} s", plan.drill.count());
    step.state.drill_begun = now;
    step.events.push_back({"", "", step.state.reason});
    return;
  }
  step.state.phase = Phase::finished;
  step.waits.clear();
  step.events.push_back({"", "", "finished"});
}

}  // namespace suture::rollout
