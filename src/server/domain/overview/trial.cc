#include "server/domain/overview/trial.h"

#include <algorithm>

#include "base/json.h"
#include "server/domain/hosts/report_view.h"
#include "server/domain/policy/judge.h"
#include "server/domain/rollouts/agent_releases.h"

namespace suture::server {
namespace {

struct LevelTrial {
  std::string release;
  std::int64_t level = 0, hosts = 0;
  std::vector<std::string> denials, rules;
  std::vector<ApprovalRule> approvals;
  std::int64_t rings = 0, soak = 0;  ///< at least
  std::string closed;                ///< why nothing would begin now
};
BOOST_DESCRIBE_STRUCT(LevelTrial, (), (release, level, hosts, denials, rules, approvals, rings, soak, closed))

struct RolloutTrial {
  std::string id, name;
  std::vector<std::string> denials;
  std::string closed;
};
BOOST_DESCRIBE_STRUCT(RolloutTrial, (), (id, name, denials, closed))

struct Trial {
  std::vector<LevelTrial> levels;
  std::vector<RolloutTrial> rollouts;
};
BOOST_DESCRIBE_STRUCT(Trial, (), (levels, rollouts))

struct Seen {
  Host host;
  ReportView report;
};

std::vector<Labels> labels_of(const std::vector<PolicySubject>& subjects) {
  std::vector<Labels> labels;
  for (const auto& each : subjects) labels.push_back(each.labels);
  return labels;
}

Result<std::vector<Seen>> see_hosts(Store& store) {
  std::vector<Seen> all;
  for (auto& host : TRY(store.hosts())) {
    const auto last = TRY(store.last_report(host.id));
    if (!last || !host.held.empty()) continue;
    auto report = TRY(view(*last));
    all.push_back({std::move(host), std::move(report)});
  }
  return all;
}

/// What the newest level would bring to those hosts of its kernel that do not run it.
LevelTrial try_level(const Policy& policy, const KernelOffer& offer, const std::vector<Seen>& hosts, Time now) {
  LevelTrial made{.release = offer.index.release,
                  .level = offer.index.levels.back().level,
                  .denials = {},
                  .rules = {},
                  .approvals = {},
                  .closed = {}};
  std::vector<PolicySubject> subjects;
  for (const auto& [host, report] : hosts) {
    if (report.build_id != offer.index.build_id || report.report.level >= made.level) continue;
    subjects.push_back({host.hostname, host.labels, report.release,
                        fixes_gained(offer.index, report.report.level, static_cast<rollout::Level>(made.level))});
  }
  made.hosts = static_cast<std::int64_t>(subjects.size());
  const auto judgement = judge(policy, subjects, now);
  made.denials = judgement.denials;
  made.rules = judgement.rules;
  made.approvals = judgement.approvals;
  made.rings = judgement.strictest.rings;
  made.soak = judgement.strictest.soak.count();
  made.closed = closed(policy, judgement.rules, labels_of(subjects), now);
  return made;
}

RolloutTrial try_rollout(const Policy& policy, const Offers& offers, const Rollout& rollout,
                         const std::vector<Seen>& hosts, Time now) {
  std::vector<PolicySubject> subjects;
  for (const auto& ring : rollout.plan.rings) {
    for (const auto& member : ring.hosts) {
      const auto found = std::ranges::find_if(hosts, [&](const Seen& each) { return each.host.id == member.id; });
      if (found == hosts.end()) continue;
      const auto* offer = offers.of(found->report.release, found->report.build_id);
      if (offer == nullptr && !is_of_agent(rollout)) continue;
      subjects.push_back({found->host.hostname, found->host.labels, found->report.release,
                          is_of_agent(rollout) ? std::vector{agent_fix(rollout)}
                                               : fixes_gained(offer->index, member.before, rollout.plan.level)});
    }
  }
  auto judgement = judge(policy, subjects, now);
  return {rollout.id, rollout.name, std::move(judgement.denials),
          closed(policy, judgement.rules, labels_of(subjects), now)};
}

}  // namespace

Outcome<std::string> try_policy(Store& store, Catalogue& catalogue, Rollouts& rollouts, const Person& person,
                                std::string_view body, Time now) {
  TRY(allow(person, Act::see));
  const auto request = TRY(as_input(read_policy_request(body)));
  const auto policy = TRY(as_input(read_policy(request.text, "policy")));
  const auto hosts = TRY(see_hosts(store));
  const auto offers = catalogue.offers();
  Trial trial;
  for (const auto& [build_id, offer] : offers->kernels)
    if (!offer.index.levels.empty()) trial.levels.push_back(try_level(policy, offer, hosts, now));
  for (const auto& rollout : TRY(rollouts.all()))
    if (!rollout::ended(rollout.state)) trial.rollouts.push_back(try_rollout(policy, *offers, rollout, hosts, now));
  return json::to_text(trial);
}

}  // namespace suture::server
