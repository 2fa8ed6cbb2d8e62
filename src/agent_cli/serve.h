// Carries out what a fleet's server assigned to this host.
#pragma once

#include "agent/fleet/duty.h"
#include "agent_cli/site.h"

namespace suture::agent_cli {

/// The reason of a duty that waits for the host to come up again.
inline constexpr auto rebooting = "it reboots";

/// The level of `assignment` has to be in the signed repository, with the digest that it names; going back follows the
/// journal, and the floor that was signed offline. A reboot is announced in the journal, and left to
/// the caller; the agent's own upgrade is left to its installer; the duty is "started" then. What comes of it, to
/// answer with.
agent::Duty serve(Site& site, Work& work, const trust::Assignment& assignment);

/// Of a duty that an earlier agent began, once its plan was recovered: whether the level that was asked for is in
/// force. As long as the agent's own upgrade is under way the duty stays "started".
agent::Duty settle(Site& site, agent::Duty begun);

}  // namespace suture::agent_cli
