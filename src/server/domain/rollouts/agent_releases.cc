#include "server/domain/rollouts/agent_releases.h"

#include <algorithm>

namespace suture::server {

Done aim_at_agent(const Offers& offers, const std::string& version, Rollout& rollout) {
  rollout.agent = version;
  rollout.plan.names = {{0, "an agent that is not among the signed releases"}};
  if (offers.agent) {
    for (const auto& each : offers.agent->releases) {
      const auto* package = each.package(trust::agent_package, trust::agent_architecture);
      if (package == nullptr) continue;
      rollout.agents.push_back({each.release, each.version, package->sha256});
      rollout.plan.names.push_back({each.release, "agent " + each.version});
      if (each.version == version) rollout.plan.level = each.release;
    }
  }
  if (rollout.plan.level == 0)
    return refuse(Kind::bad_input, "bad-input",
                  "body.agent: the repository has no signed release {} of the agent for {}: suture catalogue", version,
                  trust::agent_architecture);
  return {};
}

rollout::Level level_in(const Rollout& rollout, const ReportView& seen) {
  if (!is_of_agent(rollout)) return seen.report.level;
  const auto found = std::ranges::find(rollout.agents, seen.agent, &trust::AssignedAgent::version);
  return found == rollout.agents.end() ? 0 : found->release;
}

rollout::Report judge_agent(const Rollout& rollout, const ReportView& seen, std::uint64_t answers) {
  const bool failed = answers != 0 && (seen.outcome == "failed" || seen.outcome == "refused");
  return {.at = seen.report.at,
          .level = level_in(rollout, seen),
          .busy = answers != 0 && seen.outcome == "started",
          .failed = failed,
          .verdict = failed ? rollout::Verdict::none : rollout::Verdict::well,
          .loaded = true,
          .answers = answers,
          .reason = answers != 0 ? seen.why : ""};
}

Result<trust::AssignedAgent> release_of(const Rollout& rollout, rollout::Level level) {
  const auto found = std::ranges::find(rollout.agents, level, &trust::AssignedAgent::release);
  if (found == rollout.agents.end()) return fail("rollout {} has no release {} of the agent", rollout.id, level);
  return *found;
}

trust::IndexedFix agent_fix(const Rollout& rollout) {
  return {.id = "agent " + rollout.agent, .kind = "agent", .severity = "unknown"};
}

}  // namespace suture::server
