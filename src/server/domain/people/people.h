// People and programs that speak to the API: who is known, and by which token.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/outcome.h"
#include "server/domain/people/roles.h"
#include "server/domain/store.h"

namespace suture::server {

/// Refuses what the person's role may not do, and what the token that was shown is not for. Asked before anything else
/// is looked at.
Done allow(const Person& person, Act act);

/// Whose token it is. Refuses one that is unknown or past its end, or its owner's.
Outcome<Person> identify(Store& store, std::string_view token, Time now);

struct NewPerson {
  std::string name;
  Role role = Role::auditor;
  std::string key{};  ///< empty, or an Ed25519 public key in hexadecimal
  Time expires{};
  std::string password{};  ///< empty without
};
/// Whether somebody can have it: the audit and terminals show it.
bool is_name(std::string_view name);
/// Makes a person, or a known one anew: what is not given is gone, and so is every token and lock. The token is
/// returned and stored nowhere.
Result<std::string> make_person(Store& store, const NewPerson& made, Time now);

/// One more token, for no more than the owner's role may do and no longer than the owner has; stored nowhere either.
Result<std::string> make_access_token(Store& store, const std::string& person, const Scope& scope, Time expires,
                                      Time now);
/// The same within the caller's transaction, with nothing checked.
Result<std::string> add_access_token(Store& store, const std::string& person, const Scope& scope, Time expires,
                                     Time now);

}  // namespace suture::server
