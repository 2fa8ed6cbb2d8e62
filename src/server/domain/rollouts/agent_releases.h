// Rollouts of the agent itself. The engine goes from level to level there as anywhere: its levels are the numbers of
// the agent's signed releases, and 0 is an agent that is none of them. They have nothing to do with levels of live
// patches.
#pragma once

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/hosts/report_view.h"
#include "server/domain/outcome.h"
#include "server/domain/records.h"

namespace suture::server {

inline bool is_of_agent(const Rollout& rollout) { return !rollout.agent.empty(); }

/// Makes it one to the release of this version, and keeps every release that is signed now.
Done aim_at_agent(const Offers& offers, const std::string& version, Rollout& rollout);

/// Of what a host reported, the level that the rollout is about.
rollout::Level level_in(const Rollout& rollout, const ReportView& seen);

/// What an agent's answer to its order says of it; `answers` is that order, 0 if it answered none of this rollout. How
/// its kernel is does not matter.
rollout::Report judge_agent(const Rollout& rollout, const ReportView& seen, std::uint64_t answers);

/// What the host is told of such a level.
Result<trust::AssignedAgent> release_of(const Rollout& rollout, rollout::Level level);

/// What policies are asked about: an upgrade of the agent is one fix, of a kind of its own.
trust::IndexedFix agent_fix(const Rollout& rollout);

}  // namespace suture::server
