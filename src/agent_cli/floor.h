#pragma once

#include "agent/history/history.h"
#include "agent_cli/site.h"

namespace suture::agent_cli {

/// The level that would be in force if the last plan were taken back; 0 for none.
std::uint32_t level_below(const Site& site, const agent::History& history);

/// The offline-signed floor: a level that reached it is not left for one below, as `left` would be.
Status check_floor(const Site& site, const agent::History& history, std::uint32_t left);

}  // namespace suture::agent_cli
