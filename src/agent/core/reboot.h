// Going back by a reboot, where nothing else takes a level back. No step outlives a boot, and at each boot what is
// committed is applied again: so the way back is that some of it is not. The journal says which, before the host goes
// down; Engine::recover() sees it through in the next boot.
#pragma once

#include <cstddef>
#include <string>

#include "agent/core/world.h"
#include "agent/history/history.h"

namespace suture::agent {

/// All plans but the first `stay` end with the next boot, however that comes about.
Status announce_reboot(World& world, const History& history, std::size_t stay, const std::string& why);

/// It does not come about; they stay.
Status cancel_reboot(World& world, const std::string& why);

/// Whether it was announced in this boot, so that the host is still to go down.
bool is_to_reboot(const World& world, const History& history);

}  // namespace suture::agent
