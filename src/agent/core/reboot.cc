#include "agent/core/reboot.h"

namespace suture::agent {

Status announce_reboot(World& world, const History& history, std::size_t stay, const std::string& why) {
  const auto lowest = stay < history.plans.size() ? history.plans[stay].plan.id : "";
  return world.write(EntryKind::reboot_asked, lowest, -1, "", why);
}

Status cancel_reboot(World& world, const std::string& why) {
  return world.write(EntryKind::reboot_over, "", -1, "", why);
}

bool is_to_reboot(const World& world, const History& history) {
  return history.reboot && history.reboot->boot == world.boot;
}

}  // namespace suture::agent
