#pragma once

#include "trust/agent/agent_index.h"

namespace suture::cli {

/// The floor, and a line for each release: number, version, packages.
void print_agent_releases(const trust::AgentIndex& index);

}  // namespace suture::cli
