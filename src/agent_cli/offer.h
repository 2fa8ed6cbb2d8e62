// What the repository has for this kernel, made into a plan.
#pragma once

#include <optional>
#include <string>

#include "agent/plan/plan.h"
#include "agent_cli/site.h"
#include "trust/level/kernel_index.h"

namespace suture::agent_cli {

/// Asks the repository (`source`, or the configured one), verifies, and keeps what it says. Nothing if it has
/// nothing for this kernel.
Result<std::optional<trust::KernelIndex>> refresh(Site& site, const std::string& source);

/// The index that was seen last, or nothing.
Result<std::optional<trust::KernelIndex>> seen_index(const Site& site);

/// A plan for the highest level, or for `level`, which is fetched and verified; nothing if that is in force.
Result<std::optional<agent::Plan>> plan_level(Site& site, const agent::History& history, const std::string& source,
                                              std::optional<std::uint32_t> level, std::string id);

/// A plan of the configuration.
Result<agent::Plan> plan_local(const Site& site, const std::string& name, std::string id);

}  // namespace suture::agent_cli
