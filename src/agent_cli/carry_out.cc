#include "agent_cli/carry_out.h"

namespace suture::agent_cli {

Result<CarriedOut> carry_out(Site& site, Work& work, const agent::Plan& plan) {
  const auto history = TRY(work.history());
  CarriedOut result;
  for (const auto& each : history.plans) {
    if (each.plan.subject == plan.subject && each.phase == agent::Phase::committed) {
      result.outcome = {agent::State::committed, "", "was in force already", {}};
      return result;
    }
  }
  result.findings = agent::preflight(site.root, site.config, history, plan);
  if (agent::refuses(result.findings)) {
    result.outcome = {agent::State::refused, "preflight", "nothing was done", {}};
    return result;
  }
  result.outcome = TRY(agent::Engine(work.world()).carry_out(plan));
  return result;
}

}  // namespace suture::agent_cli
