#include "rollout/give.h"

#include <fmt/format.h>

namespace suture::rollout {

void give(const Host& host, Direction direction, Level level, const std::string& ring, Time now, Step& step) {
  auto& known = step.state.hosts.at(host.id);
  known.order = ++step.state.orders;
  known.phase = direction == Direction::go ? HostPhase::told : HostPhase::told_back;
  known.since = now;
  known.treated = true;
  known.reboots = direction == Direction::reboot_back;
  step.orders.push_back({.number = known.order, .host = host.id, .direction = direction, .level = level});
  const auto how = direction == Direction::go     ? "told to go to level {}"
                   : direction == Direction::back ? "told to go back to level {}"
                                                  : "told to reboot to level {}";
  step.events.push_back({ring, host.id, fmt::format(fmt::runtime(how), level)});
}

}  // namespace suture::rollout
