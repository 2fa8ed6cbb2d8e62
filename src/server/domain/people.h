// Who may do what. Least privilege: one table, and what is not in it is not allowed.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/outcome.h"
#include "server/domain/store.h"

namespace suture::server {

enum class Act {
  see,      ///< hosts, rollouts, their timelines
  propose,  ///< create a rollout, which nobody has approved yet
  approve,
  govern,       ///< what all rollouts are held to: policies
  break_glass,  ///< let a rollout go on without what it lacks
  steer,        ///< pause, resume, abort, retry, leave, go on, pass by hand, recall
};

/// Refuses what the person's role may not do. Asked before anything else is looked at.
Done allow(const Person& person, Act act);
std::string_view name_of(Role role);
Result<Role> role_of(std::string_view name);

/// Whose token it is. Refuses one that is unknown or past its end.
Outcome<Person> identify(Store& store, std::string_view token, Time now);

/// Makes a person, or gives an old one a new token, role, key and end; the token is returned and stored nowhere.
/// `key` is empty or an Ed25519 public key in hexadecimal.
Result<std::string> make_person(Store& store, const std::string& name, Role role, const std::string& key, Time expires);

}  // namespace suture::server
