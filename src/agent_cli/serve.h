// Carries out what a fleet's server assigned to this host.
#pragma once

#include "agent/fleet/duty.h"
#include "agent_cli/site.h"

namespace suture::agent_cli {

/// The level of `assignment` has to be in the signed repository, with the digest that it names; going back follows the
/// journal, and the floor that was signed offline. What comes of it, to answer with.
agent::Duty serve(Site& site, Work& work, const trust::Assignment& assignment);

/// Of a duty that an earlier agent began, once its plan was recovered: whether the level that was asked for is in
/// force.
agent::Duty settle(Site& site, agent::Duty begun);

}  // namespace suture::agent_cli
