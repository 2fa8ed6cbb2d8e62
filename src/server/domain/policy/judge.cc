#include "server/domain/policy/judge.h"

#include <fnmatch.h>

#include <algorithm>

#include "server/domain/policy/calendar.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

bool is_among(const std::vector<std::string>& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

void add_once(std::vector<std::string>& list, const std::string& word) {
  if (!is_among(list, word)) list.push_back(word);
}

bool has_labels(const Labels& host, const Labels& wanted) { return wanted.empty() || matches(host, wanted); }

bool speaks_of(const PolicyMatch& match, const PolicySubject& subject, const trust::IndexedFix& fix) {
  return (match.kinds.empty() || is_among(match.kinds, fix.kind)) &&
         (match.severities.empty() || is_among(match.severities, fix.severity)) &&
         (match.kernels.empty() ||
          std::ranges::any_of(
              match.kernels,
              [&](const std::string& pattern) { return fnmatch(pattern.c_str(), subject.release.c_str(), 0) == 0; })) &&
         has_labels(subject.labels, match.hosts);
}

bool is_lifted(const Policy& policy, const std::string& what, const Labels& host, Time now) {
  return std::ranges::any_of(policy.exceptions, [&](const PolicyException& each) {
    return now < each.until && is_among(each.lifts, what) && has_labels(host, each.hosts);
  });
}

template <typename T>
void lower(std::optional<T>& into, const std::optional<T>& other) {
  if (other) into = into ? std::min(*into, *other) : *other;
}

void add(const Requirement& more, Requirement& all) {
  all.evidence = all.evidence || more.evidence;
  all.rings = std::max(all.rings, more.rings);
  all.holdback = std::max(all.holdback, more.holdback);
  all.soak = std::max(all.soak, more.soak);
  all.success_percent = std::max(all.success_percent, more.success_percent);
  all.loaded_percent = std::max(all.loaded_percent, more.loaded_percent);
  lower(all.first_ring, more.first_ring);
  lower(all.at_once, more.at_once);
  lower(all.silence, more.silence);
  lower(all.silent_percent, more.silent_percent);
  lower(all.failed_hosts, more.failed_hosts);
}

void add(const PolicyRule& rule, Judgement& judgement) {
  if (is_among(judgement.rules, rule.name)) return;
  judgement.rules.push_back(rule.name);
  add(rule.require, judgement.strictest);
  if (rule.require.approvals != 0)
    judgement.approvals.push_back({rule.name, rule.require.approvals, rule.require.approvers});
}

template <typename T>
std::string shown(T value) {
  if constexpr (std::is_same_v<T, rollout::Seconds>)
    return fmt::format("{} s", value.count());
  else
    return fmt::format("{}", value);
}

/// Of one ring, or of the plan.
class Raise {
 public:
  Raise(std::string where, std::vector<std::string>& raised) : where_(std::move(where)), raised_(raised) {}

  template <typename T>
  void at_least(T& value, T wanted, std::string_view what) {
    if (value < wanted) change(value, wanted, what);
  }
  template <typename T>
  void at_most(T& value, const std::optional<T>& wanted, std::string_view what) {
    if (wanted && value > *wanted) change(value, *wanted, what);
  }

 private:
  template <typename T>
  void change(T& value, T wanted, std::string_view what) {
    raised_.push_back(fmt::format("{}{}: {} instead of {}", where_, what, shown(wanted), shown(value)));
    value = wanted;
  }
  std::string where_;
  std::vector<std::string>& raised_;
};

}  // namespace

Judgement judge(const Policy& policy, const std::vector<PolicySubject>& subjects, Time now) {
  Judgement judgement;
  for (const auto& subject : subjects) {
    for (const auto& fix : subject.fixes) {
      bool is_spoken_of = false;
      for (const auto& rule : policy.rules) {
        if (!speaks_of(rule.match, subject, fix) || is_lifted(policy, rule.name, subject.labels, now)) continue;
        is_spoken_of = true;
        if (rule.deny)
          add_once(judgement.denials, fmt::format("rule '{}' denies fix {} ({}, {}) on {}: {}", rule.name, fix.id,
                                                  fix.kind, fix.severity, subject.host, *rule.deny));
        else
          add(rule, judgement);
      }
      if (!is_spoken_of)
        add_once(judgement.denials, fmt::format("no rule speaks of fix {} ({}, {}) on {} with kernel {}", fix.id,
                                                fix.kind, fix.severity, subject.host, subject.release));
    }
  }
  return judgement;
}

Strictness make_strict(const Requirement& strictest, rollout::Plan& plan) {
  Strictness made;
  if (plan.rings.size() < strictest.rings)
    made.denials.push_back(fmt::format("{} rings are asked for, it has {}", strictest.rings, plan.rings.size()));
  if (plan.holdback.size() < strictest.holdback)
    made.denials.push_back(
        fmt::format("a holdback of {} hosts is asked for, it has {}", strictest.holdback, plan.holdback.size()));
  if (strictest.first_ring && !plan.rings.empty() && plan.rings.front().hosts.size() > *strictest.first_ring)
    made.denials.push_back(fmt::format("the first ring may have {} hosts, it has {}", *strictest.first_ring,
                                       plan.rings.front().hosts.size()));
  Raise of_plan("", made.raised);
  of_plan.at_most(plan.silence, strictest.silence, "silence");
  for (auto& ring : plan.rings) {
    Raise raise(fmt::format("ring {}: ", ring.name), made.raised);
    raise.at_most(ring.at_once, strictest.at_once, "at_once");
    raise.at_least(ring.gate.soak, strictest.soak, "soak");
    raise.at_least(ring.gate.success_percent, strictest.success_percent, "success_percent");
    raise.at_least(ring.gate.loaded_percent, strictest.loaded_percent, "loaded_percent");
    raise.at_most(ring.gate.silent_percent, strictest.silent_percent, "silent_percent");
    raise.at_most(ring.gate.failed_hosts, strictest.failed_hosts, "failed_hosts");
  }
  return made;
}

std::string closed(const Policy& policy, const std::vector<std::string>& rules, const std::vector<Labels>& hosts,
                   Time now) {
  const auto holds = [&](const std::string& what, const Labels& of) {
    return std::ranges::any_of(
        hosts, [&](const Labels& host) { return has_labels(host, of) && !is_lifted(policy, what, host, now); });
  };
  for (const auto& freeze : policy.freezes)
    if (freeze.from <= now && now < freeze.to && holds(freeze.name, freeze.hosts))
      return fmt::format("freeze '{}' until {}", freeze.name, trust::tuf::format_time(freeze.to));
  for (const auto& rule : policy.rules) {
    if (rule.windows.empty() || !is_among(rules, rule.name) || !holds(rule.name, {})) continue;
    std::vector<std::string> shut;
    for (const auto& window : policy.windows)
      if (is_among(rule.windows, window.name) && !is_within(window, now) && holds(window.name, {}))
        shut.push_back(fmt::format("'{}' ({})", window.name, describe(window)));
    if (shut.size() == rule.windows.size()) return fmt::format("outside of window {}", fmt::join(shut, " and "));
  }
  return {};
}

std::string missing_approvals(const std::vector<ApprovalRule>& rules, const std::vector<std::string>& approved_by) {
  for (const auto& rule : rules) {
    const auto have =
        std::ranges::count_if(approved_by, [&](const auto& who) { return rule.by.empty() || is_among(rule.by, who); });
    if (have >= rule.count) continue;
    const auto from = rule.by.empty() ? std::string() : fmt::format(" of {}", fmt::join(rule.by, ", "));
    return fmt::format("{} of {} approvals{} are missing{}", rule.count - have, rule.count, from,
                       rule.rule.empty() ? "" : fmt::format(" (rule '{}')", rule.rule));
  }
  return {};
}

}  // namespace suture::server
