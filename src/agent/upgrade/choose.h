// What an assignment of the agent's own release comes to on this host: a function of what is signed and of what is
// remembered. The release that runs has to be in the index, too: the way back is fetched before anything begins.
#pragma once

#include <optional>
#include <string_view>

#include "agent/upgrade/record.h"
#include "trust/agent/agent_index.h"
#include "trust/decision/assignment.h"

namespace suture::agent {

/// What is to be done, in phase wanted, or why nothing is; nothing if the release runs already. `last` is over.
Result<std::optional<Upgrade>> choose_upgrade(const trust::Assignment& assignment, const trust::AgentIndex& index,
                                              std::string_view running, const std::optional<Upgrade>& last);

/// Those of a release that this host gets; UpgradeRelease has them in the same order.
std::vector<trust::AgentPackage> packages_for_host(const trust::AgentRelease& release);

}  // namespace suture::agent
