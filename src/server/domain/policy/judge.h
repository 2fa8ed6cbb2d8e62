// A rollout, held against a policy: may it be at all, what must it have, when may it go on?
#pragma once

#include <string>
#include <vector>

#include "server/domain/policy/policy.h"
#include "trust/level/kernel_index.h"

namespace suture::server {

/// One host, and the fixes that it would get.
struct PolicySubject {
  std::string host;  ///< as people call it
  Labels labels{};
  std::string release{};
  std::vector<trust::IndexedFix> fixes{};
};

struct Judgement {
  std::vector<std::string> denials{};  ///< why it may not be; each once
  Requirement strictest{};             ///< of every rule that matched; approvals are below
  std::vector<ApprovalRule> approvals{};
  std::vector<std::string> rules{};  ///< that matched
};

Judgement judge(const Policy& policy, const std::vector<PolicySubject>& subjects, Time now);

/// Makes what was asked for as strict as the policy wants it, and says what it changed; what cannot be made so, since
/// it is about how many hosts and rings there are, is a denial.
struct Strictness {
  std::vector<std::string> raised{}, denials{};
};
Strictness make_strict(const Requirement& strictest, rollout::Plan& plan);

/// Why nothing may begin now: within a freeze, or outside of all windows of one of the rules that matched. Empty if it
/// may. `hosts` are the labels of each.
std::string closed(const Policy& policy, const std::vector<std::string>& rules, const std::vector<Labels>& hosts,
                   Time now);

/// The approvals that are missing, in words; empty if none is.
std::string missing_approvals(const std::vector<ApprovalRule>& rules, const std::vector<std::string>& approved_by);

}  // namespace suture::server
