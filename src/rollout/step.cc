#include "rollout/step.h"

#include "rollout/go.h"
#include "rollout/settle.h"
#include "rollout/take_back.h"

namespace suture::rollout {

Step step(const Plan& plan, const State& state, const Observations& seen, Time now) {
  Step step{.state = state};
  if (ended(state)) return step;

  // Take in what hosts said. From here on their phases say where they are.
  settle(plan, seen, now, step);

  // Work through the rings, or find the breach that freezes the rollout.
  if (step.state.phase == Phase::running || step.state.phase == Phase::paused) go(plan, seen, now, step);

  // Taking back begins in the step that froze it: a breach waits for nothing.
  if (step.state.phase == Phase::frozen) {
    step.waits.clear();
    take_back(plan, seen, now, step);
  } else if (step.state.phase == Phase::stopped) {
    step.waits.push_back(step.state.reason);
  }
  return step;
}

std::optional<Order> standing_order(const Plan& plan, const State& state, const HostId& id) {
  const auto known = state.hosts.find(id);
  if (known == state.hosts.end()) return std::nullopt;
  const auto phase = known->second.phase;
  const bool goes = phase == HostPhase::told && state.phase == Phase::running;
  if (!goes && phase != HostPhase::told_back) return std::nullopt;
  for (const auto& ring : plan.rings) {
    for (const auto& host : ring.hosts) {
      if (host.id != id) continue;
      Order order{.number = known->second.order, .host = id, .direction = Direction::go, .level = plan.level};
      if (goes) return order;
      order.direction = known->second.reboots ? Direction::reboot_back : Direction::back;
      order.level = host.before;
      return order;
    }
  }
  return std::nullopt;
}

}  // namespace suture::rollout
