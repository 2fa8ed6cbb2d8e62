// The agent's own upgrade, as the daemon sees it: it fetches, remembers, and leaves the rest to the installer, which is
// a unit of its own (upgrade_command.cc) and may end this daemon.
#pragma once

#include "agent/fleet/duty.h"
#include "agent_cli/site.h"

namespace suture::agent_cli {

/// Below the state directory.
fs::path upgrade_directory(const Site& site);

/// Both releases, the one that is wanted and the one that runs, are in the signed repository and on disk before the
/// duty is "started".
agent::Duty serve_agent(Site& site, const trust::Assignment& assignment, agent::Duty duty);

/// Still "started", or how it ended.
agent::Duty settle_agent(const Site& site, agent::Duty duty);

/// Asks systemd for the installer, if an upgrade is unfinished; one that is at work goes on.
Status begin_installer(const Site& site);

}  // namespace suture::agent_cli
