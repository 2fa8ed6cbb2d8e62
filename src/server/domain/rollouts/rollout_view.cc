#include "server/domain/rollouts/rollout_view.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/numbers.h"
#include "base/words.h"
#include "rollout/step.h"
#include "server/domain/hosts/report_view.h"
#include "server/domain/rollouts/agent_releases.h"
#include "server/domain/rollouts/observe.h"
#include "server/domain/rollouts/rollout_json.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

struct HostView {
  std::string host, hostname, phase, since, note;
  std::int64_t before = 0, level = 0;
  std::string agent, state, verdict, reason, last_report;
};
BOOST_DESCRIBE_STRUCT(HostView, (),
                      (host, hostname, phase, since, note, before, level, agent, state, verdict, reason, last_report))

struct RingView {
  std::string name, begun, last_applied, passed, comparison;
  std::vector<HostView> hosts;
};
BOOST_DESCRIBE_STRUCT(RingView, (), (name, begun, last_applied, passed, comparison, hosts))

struct Summary {
  std::string id, name, author, created;
  std::int64_t level = 0;
  std::string agent, phase, reason;
};
BOOST_DESCRIBE_STRUCT(Summary, (), (id, name, author, created, level, agent, phase, reason))

struct RolloutView {
  std::string id, name, author, created;
  std::int64_t level = 0;
  std::string agent, phase, reason, digest;
  std::int64_t approvals_needed = 0;
  std::vector<std::string> approved_by;
  std::int64_t policy = 0;
  std::vector<ApprovalRule> approval_rules;
  std::string emergency, broken_glass;
  std::int64_t drill = 0;  ///< seconds; 0: no drill
  std::int64_t takes_back = 0;
  std::vector<RingView> rings;
  std::vector<HostView> holdback;
  std::vector<std::string> waits;
};
BOOST_DESCRIBE_STRUCT(RolloutView, (),
                      (id, name, author, created, level, agent, phase, reason, digest, approvals_needed, approved_by,
                       policy, approval_rules, emergency, broken_glass, drill, takes_back, rings, holdback, waits))

std::string text_of(const std::optional<Time>& time) { return time ? trust::tuf::format_time(*time) : ""; }

Summary summary_of(const Rollout& rollout) {
  return {rollout.id,
          rollout.name,
          rollout.author,
          trust::tuf::format_time(rollout.created),
          rollout.plan.level,
          rollout.agent,
          std::string(name_of(rollout.state.phase)),
          rollout.state.reason};
}

Result<HostView> host_view(Store& store, const Rollout& rollout, const std::string& id) {
  HostView made;
  made.host = id;
  const auto host = TRY(store.host(id));
  if (host) made.hostname = host->hostname;
  const auto last = TRY(store.last_report(id));
  if (!last) return made;
  const auto seen = TRY(view(*last));
  made.level = level_in(rollout, seen);
  made.agent = seen.agent;
  made.state = seen.state;
  made.verdict = seen.verdict;
  made.reason = seen.report.reason;
  made.last_report = trust::tuf::format_time(last->at);
  return made;
}

/// "the soak lasts 7 s more" is the same a second later.
std::string without_seconds(std::string_view text) {
  const auto words = words_of(text);
  std::string rest;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (i + 1 == words.size() || words[i + 1] != "s" || !to_number<std::uint64_t>(words[i])) (rest += words[i]) += ' ';
  return rest;
}

/// What tells one view from another.
std::string digest_of(RolloutView view) {
  for (auto& each : view.waits) each = without_seconds(each);
  return sha256_hex(as_bytes(json::to_text(view)));
}

/// What the comparison says now, or said when the ring passed by it.
std::string comparison_of(const rollout::Ring& ring, const rollout::RingState& state,
                          const rollout::Observations& seen) {
  const auto found = seen.checks.find({ring.name, std::string(rollout::comparison_check)});
  return found == seen.checks.end() ? state.comparison : found->second.reason;
}

}  // namespace

Result<ShownRollout> view_rollout(const Sources& sources, const Rollout& rollout, Time now) {
  auto [id, name, author, created, level, agent, phase, reason] = summary_of(rollout);
  RolloutView made{.id = id,
                   .name = name,
                   .author = author,
                   .created = created,
                   .level = level,
                   .agent = agent,
                   .phase = phase,
                   .reason = reason,
                   .digest = rollout.digest,
                   .approvals_needed = rollout.approvals_needed,
                   .approved_by = {},
                   .policy = rollout.policy,
                   .approval_rules = rollout.approval_rules,
                   .emergency = rollout.emergency,
                   .broken_glass = rollout.broken_glass,
                   .drill = rollout.plan.drill.count(),
                   .takes_back = rollout.takes_back,
                   .rings = {},
                   .holdback = {},
                   .waits = {}};
  for (const auto& each : rollout.approvals) made.approved_by.push_back(each.by);
  const auto seen = TRY(observe(sources, rollout, now));
  for (std::size_t i = 0; i < rollout.plan.rings.size(); ++i) {
    const auto& state = rollout.state.rings[i];
    RingView ring{rollout.plan.rings[i].name,
                  text_of(state.begun),
                  text_of(state.last_applied),
                  text_of(state.passed),
                  comparison_of(rollout.plan.rings[i], state, seen),
                  {}};
    for (const auto& member : rollout.plan.rings[i].hosts) {
      auto host = TRY(host_view(sources.store, rollout, member.id));
      const auto& known = rollout.state.hosts.at(member.id);
      host.phase = name_of(known.phase);
      if (known.since != Time()) host.since = trust::tuf::format_time(known.since);
      host.note = known.note;
      host.before = member.before;
      ring.hosts.push_back(std::move(host));
    }
    made.rings.push_back(std::move(ring));
  }
  for (const auto& each : rollout.plan.holdback) made.holdback.push_back(TRY(host_view(sources.store, rollout, each)));
  made.waits = rollout::step(rollout.plan, rollout.state, seen, now).waits;
  return ShownRollout{json::to_text(made), version_of(rollout), digest_of(made)};
}

std::string view_rollouts(std::span<const Rollout> rollouts) {
  std::vector<Summary> summaries;
  for (const auto& each : rollouts) summaries.push_back(summary_of(each));
  return json::to_text(summaries);
}

}  // namespace suture::server
