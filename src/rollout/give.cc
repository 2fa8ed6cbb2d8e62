#include "rollout/give.h"

#include <fmt/format.h>

namespace suture::rollout {

void give(const Plan& plan, const Host& host, Direction direction, const std::string& ring, Time now, Step& step) {
  const auto level = direction == Direction::go ? plan.level : host.before;
  auto& known = step.state.hosts.at(host.id);
  known.order = ++step.state.orders;
  known.phase = direction == Direction::go ? HostPhase::told : HostPhase::told_back;
  known.since = now;
  known.treated = true;
  known.reboots = direction == Direction::reboot_back;
  step.orders.push_back({.number = known.order, .host = host.id, .direction = direction, .level = level});
  const auto how = direction == Direction::go     ? "told to go to {}"
                   : direction == Direction::back ? "told to go back to {}"
                                                  : "told to reboot to {}";
  step.events.push_back({ring, host.id, fmt::format(fmt::runtime(how), name_of(plan, level))});
}

}  // namespace suture::rollout
