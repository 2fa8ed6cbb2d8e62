// What the owners of a fleet allow, written down once for every rollout: docs/policy.md is its language.
//
// Every new fix on every host must be spoken of by a rule; what no rule matches is denied. Where several rules match,
// the strictest of each requirement holds. Nothing here ever opens a gate: a deadline that is over is told, and that is
// all.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rollout/plan.h"
#include "server/domain/records.h"

namespace suture::server {

/// What a rule speaks of: all that is named must hold; what is not named is all the same.
struct PolicyMatch {
  std::vector<std::string> kinds{};       ///< of the fix: "security", "bugfix", "agent"
  std::vector<std::string> severities{};  ///< of the fix
  std::vector<std::string> kernels{};     ///< patterns, as a shell has them: "6.1.*"
  Labels hosts{};
};

/// What a rollout must have. Unset: nothing is asked for.
struct Requirement {
  std::int64_t approvals = 0;
  std::vector<std::string> approvers{};              ///< whose approvals count for this rule; empty: every approver's
  bool evidence = false;                             ///< signed evidence of tests comes with the level
  unsigned rings = 0;                                ///< at least
  unsigned holdback = 0;                             ///< hosts that are left alone, at least
  std::optional<unsigned> first_ring{};              ///< hosts, at most
  std::optional<unsigned> at_once{};                 ///< hosts of a ring, at most
  rollout::Seconds soak{0};                          ///< at least
  std::optional<rollout::Seconds> silence{};         ///< at most
  unsigned success_percent = 0, loaded_percent = 0;  ///< at least
  std::optional<unsigned> silent_percent{}, failed_hosts{};  ///< at most
};

struct PolicyRule {
  std::string name;
  PolicyMatch match{};
  std::optional<std::string> deny{};  ///< why such fixes are never live-patched there
  Requirement require{};
  std::vector<std::string> windows{};  ///< in one of which hosts may be told
};

/// Some hours of some days of each week, where the time zone's clocks show them.
struct Window {
  std::string name, zone;
  unsigned days = 0;                  ///< bit 0 is Monday
  std::chrono::minutes from{}, to{};  ///< of the day; a window that ends before it begins ends on the next day
};

/// Nothing new begins in it.
struct Freeze {
  std::string name;
  Time from{}, to{};
  Labels hosts{};  ///< of these only; empty: of all
};

/// Rules, windows and freezes that do not hold for some hosts, until it ends.
struct PolicyException {
  std::string name, owner, reason;
  Time until{};
  std::vector<std::string> lifts{};
  Labels hosts{};
};

/// How long hosts may stay without a fix of some severity before it is told.
using Deadlines = std::map<std::string, rollout::Seconds>;

struct Emergency {
  std::int64_t approvals = 1;
  std::vector<std::string> approvers{};
};

struct Drills {
  rollout::Seconds every{}, within{};
};

struct Policy {
  std::vector<PolicyRule> rules{};
  std::vector<Window> windows{};
  std::vector<Freeze> freezes{};
  std::vector<PolicyException> exceptions{};
  Deadlines deadlines{};
  std::optional<Emergency> emergency{};  ///< without: there is no emergency path
  std::optional<Drills> drills{};
};

/// Strict; errors name line and reason. `name` is what they call the file.
Result<Policy> read_policy(std::string_view text, const std::string& name);

}  // namespace suture::server
