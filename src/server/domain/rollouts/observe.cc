#include "server/domain/rollouts/observe.h"

#include <algorithm>

#include "server/domain/hosts/report_view.h"
#include "server/domain/rollouts/agent_releases.h"
#include "server/domain/rollouts/hold_to_policy.h"

namespace suture::server {
namespace {

/// A host that went down has no level that it could judge, nor a load to judge it by: it is well if nothing is wrong.
void judge_less(rollout::Report& report) {
  report.loaded = true;
  if (report.verdict == rollout::Verdict::none && !report.failed && !report.damaged)
    report.verdict = rollout::Verdict::well;
}

Result<std::optional<rollout::Report>> report_of(Store& store, const std::string& id, const Rollout& rollout) {
  const auto host = TRY(store.host(id));
  const auto last = TRY(store.last_report(id));
  if (!host || !host->held.empty() || !last) return std::nullopt;
  const auto seen = TRY(view(*last));
  std::uint64_t answers = 0;
  if (seen.assignment != 0) {
    const auto told = TRY(store.assignment(id, seen.assignment));
    if (told && told->rollout == rollout.id) answers = told->order;
  }
  if (is_of_agent(rollout)) return judge_agent(rollout, seen, answers);
  auto report = seen.report;
  report.answers = answers;
  if (rollout.takes_back != 0) judge_less(report);
  return report;
}

}  // namespace

Result<rollout::Observations> observe(const Sources& sources, const Rollout& rollout, Time now) {
  auto& [store, answers, comparisons, policies] = sources;
  rollout::Observations seen;
  const auto look_at = [&](const std::string& id) -> Status {
    auto report = TRY(report_of(sources.store, id, rollout));
    if (report) seen.hosts[id] = std::move(*report);
    return {};
  };
  for (const auto& ring : rollout.plan.rings)
    for (const auto& host : ring.hosts) TRY(look_at(host.id));
  for (const auto& id : rollout.plan.holdback) TRY(look_at(id));
  // Of a ring that has not begun, or has passed, nothing is asked.
  for (std::size_t i = 0; i < rollout.plan.rings.size(); ++i) {
    const auto& ring = rollout.plan.rings[i];
    if (!rollout.state.rings[i].begun || rollout.state.rings[i].passed) continue;
    const auto is_asked = [&](std::string_view name) {
      return std::ranges::find(ring.gate.checks, name) != ring.gate.checks.end();
    };
    for (const auto& check : rollout.checks)
      if (is_asked(check.name)) seen.checks[{ring.name, check.name}] = answers.answer(check);
    const bool goes = rollout.state.phase == rollout::Phase::running || rollout.state.phase == rollout::Phase::paused;
    if (goes && rollout.plan.comparison && is_asked(rollout::comparison_check)) {
      const auto said = TRY(comparisons.answer(store, rollout, i, now));
      seen.checks[{ring.name, std::string(rollout::comparison_check)}] = said;
    }
  }
  seen.passed_by_hand = {rollout.passed_by_hand.begin(), rollout.passed_by_hand.end()};
  // Levels are recalled; a release of the agent with the same number is something else.
  const auto recalled = TRY(store.recalled(rollout.plan.level));
  seen.recalled = recalled && !is_of_agent(rollout);
  seen.closed = TRY(closed_now(store, policies, rollout, now));
  return seen;
}

}  // namespace suture::server
