// Who may do what. Least privilege: one table, and what is not in it is not allowed.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace suture::server {

enum class Role { author, tester, approver, operates, auditor, admin };

enum class Act {
  see,      ///< hosts, rollouts, their timelines
  propose,  ///< create a rollout, which nobody has approved yet
  approve,
  govern,       ///< what all rollouts are held to: policies
  break_glass,  ///< let a rollout go on without what it lacks
  steer,        ///< pause, resume, abort, retry, leave, go on, pass by hand, recall
};

/// What a token is for: acts of its owner's role, and perhaps not all of them.
using Scope = std::set<Act>;

bool may(Role role, Act act);
/// Everything that the role may do.
Scope scope_of(Role role);

std::string_view name_of(Role role);
Result<Role> role_of(std::string_view name);

/// "see,propose"
std::string to_text(const Scope& scope);
Result<Scope> read_scope(std::string_view text);

}  // namespace suture::server
