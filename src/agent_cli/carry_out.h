#pragma once

#include <vector>

#include "agent/preflight/preflight.h"
#include "agent_cli/site.h"

namespace suture::agent_cli {

struct CarriedOut {
  agent::Outcome outcome{};
  std::vector<agent::Finding> findings{};
};

/// Preflight, and if nothing speaks against it, the plan.
Result<CarriedOut> carry_out(Site& site, Work& work, const agent::Plan& plan);

}  // namespace suture::agent_cli
