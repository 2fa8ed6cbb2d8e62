// What the daemon, of whichever release, answers for an assignment of the agent's own release.
#pragma once

#include <string_view>

#include "agent/fleet/duty.h"
#include "agent/upgrade/record.h"

namespace suture::agent {

/// `duty` as it is while the installer is at work; else how it ended, by the record and by which version runs.
Duty settle_upgrade(Duty duty, const Result<std::optional<Upgrade>>& record, std::string_view running);

}  // namespace suture::agent
