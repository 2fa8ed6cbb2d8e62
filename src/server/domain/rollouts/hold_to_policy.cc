#include "server/domain/rollouts/hold_to_policy.h"

#include <algorithm>

namespace suture::server {
namespace {

constexpr std::size_t denials_told = 5;

Outcome<std::vector<std::string>> deny(const std::vector<std::string>& denials, std::int64_t version) {
  const auto told = std::min(denials.size(), denials_told);
  const auto first = std::vector<std::string>(denials.begin(), denials.begin() + static_cast<std::ptrdiff_t>(told));
  const auto more = denials.size() - told;
  return refuse(Kind::conflict, "policy", "policy {} denies it: {}{}", version, fmt::join(first, "; "),
                more == 0 ? "" : fmt::format("; and {} more", more));
}

/// The path of an emergency has approvals of its own, and none of the rules'.
void ask_for_approvals(const Policy& policy, const Judgement& judgement, Rollout& rollout) {
  rollout.approval_rules = judgement.approvals;
  if (!rollout.emergency.empty())
    rollout.approval_rules = {{"emergency", policy.emergency->approvals, policy.emergency->approvers}};
  for (const auto& each : rollout.approval_rules)
    rollout.approvals_needed = std::max(rollout.approvals_needed, each.count);
}

Result<std::vector<Labels>> labels_of_hosts(Store& store, const Rollout& rollout) {
  std::vector<Labels> labels;
  for (const auto& ring : rollout.plan.rings)
    for (const auto& member : ring.hosts)
      if (const auto host = TRY(store.host(member.id))) labels.push_back(host->labels);
  return labels;
}

}  // namespace

Outcome<std::vector<std::string>> hold_to_policy(Policies& policies, MadeRollout& made, Time now) {
  const auto version = TRY(policies.active());
  const auto* policy = TRY(policies.at(version));
  auto& rollout = made.rollout;
  if (policy == nullptr) return std::vector<std::string>();
  rollout.policy = version;
  auto judgement = judge(*policy, made.subjects, now);
  auto strictness = make_strict(judgement.strictest, rollout.plan);
  auto& denials = judgement.denials;
  denials.insert(denials.end(), strictness.denials.begin(), strictness.denials.end());
  if (judgement.strictest.evidence && !made.all_have_evidence)
    denials.push_back(fmt::format("signed evidence of tests is asked for, and {} has none",
                                  name_of(rollout.plan, rollout.plan.level)));
  if (!rollout.emergency.empty() && !policy->emergency) denials.push_back("it has no path for emergencies");
  if (!denials.empty()) return deny(denials, version);
  rollout.policy_rules = judgement.rules;
  const auto asked = rollout.approvals_needed;
  ask_for_approvals(*policy, judgement, rollout);
  if (rollout.approvals_needed != asked)
    strictness.raised.push_back(fmt::format("approvals: {} instead of {}", rollout.approvals_needed, asked));
  return std::move(strictness.raised);
}

Done may_join(Policies& policies, const Rollout& rollout, const PolicySubject& subject, Time now) {
  const auto* policy = TRY(policies.at(rollout.policy));
  if (policy == nullptr) return {};
  const auto judgement = judge(*policy, {subject}, now);
  if (!judgement.denials.empty())
    return refuse(Kind::conflict, "policy", "policy {} denies it: {}", rollout.policy, judgement.denials.front());
  for (const auto& rule : judgement.rules)
    if (std::ranges::find(rollout.policy_rules, rule) == rollout.policy_rules.end())
      return refuse(Kind::conflict, "policy", "rule '{}' speaks of {}, and the rollout was not held to it", rule,
                    subject.host);
  return {};
}

Result<std::string> closed_now(Store& store, Policies& policies, const Rollout& rollout, Time now) {
  if (!rollout.broken_glass.empty()) return std::string();
  std::vector<std::string> approved_by;
  for (const auto& each : rollout.approvals) approved_by.push_back(each.by);
  if (auto missing = missing_approvals({{"", rollout.approvals_needed, {}}}, approved_by); !missing.empty())
    return missing;
  if (auto missing = missing_approvals(rollout.approval_rules, approved_by); !missing.empty()) return missing;
  const auto active = TRY(policies.active());
  // Taking back what hurts waits for no hour.
  if (rollout.takes_back != 0 || !rollout.emergency.empty() || active == 0) return std::string();
  const auto labels = TRY(labels_of_hosts(store, rollout));
  for (const auto version : {rollout.policy, active}) {
    const auto* policy = TRY(policies.at(version));
    if (policy == nullptr) continue;
    if (auto why = closed(*policy, rollout.policy_rules, labels, now); !why.empty())
      return fmt::format("policy {}: {}", version, why);
  }
  return std::string();
}

}  // namespace suture::server
