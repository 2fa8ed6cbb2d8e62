#include "server/domain/people/people.h"

#include <algorithm>

#include "base/digest.h"
#include "server/domain/audit.h"
#include "server/domain/people/password.h"
#include "server/domain/random.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

using trust::tuf::format_time;

Result<std::optional<Person>> owner_of(Store& store, std::string_view token, Time now) {
  const auto digest = sha256_hex(as_bytes(token));
  if (auto first = TRY(store.person_of(digest))) {
    first->scope = scope_of(first->role);
    return first;
  }
  const auto further = TRY(store.access_token(digest));
  if (!further || further->expires <= now) return std::nullopt;
  auto owner = TRY(store.person(further->person));
  if (owner) owner->scope = further->scope;
  return owner;
}

Status check(const NewPerson& made) {
  if (!is_name(made.name))
    return fail("'{}' is no name of a person: letters, digits, '-', '.', '_' and '@'", made.name);
  const auto bytes = from_hex(made.key);
  if (!made.key.empty() && (!bytes || bytes->size() != trust::ed25519::PublicKey().size()))
    return fail("'{}' is no Ed25519 public key: 64 hexadecimal digits", made.key);
  return made.password.empty() ? Status() : check_password(made.password);
}

/// For commands, to whose user nothing is a secret.
Status as_status(const Done& done) {
  if (!done) return fail("{}", done.error().message);
  return {};
}

}  // namespace

Done allow(const Person& person, Act act) {
  if (!may(person.role, act))
    return refuse(Kind::forbidden, "role", "{} is {}, whose role this is not", person.name, name_of(person.role));
  if (!person.scope.contains(act))
    return refuse(Kind::forbidden, "scope", "this token of {} is for other things: {}", person.name,
                  to_text(person.scope));
  return {};
}

Outcome<Person> identify(Store& store, std::string_view token, Time now) {
  auto person = TRY(owner_of(store, token, now));
  if (!person || person->expires <= now)
    return refuse(Kind::unauthorized, "token", "this token is unknown or past its end");
  return std::move(*person);
}

bool is_name(std::string_view name) {
  const auto is_plain = [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '-' || each == '.' || each == '@' || each == '_';
  };
  return !name.empty() && name.size() <= 100 && std::ranges::all_of(name, is_plain) && name != "server";
}

Result<std::string> make_person(Store& store, const NewPerson& made, Time now) {
  TRY(check(made));
  const auto secret = TRY(random_hex(24));
  Person person{made.name, made.role, sha256_hex(as_bytes(secret)), made.key, made.expires};
  if (!made.password.empty()) person.password = TRY(hash_password(made.password));
  const auto write = [&]() -> Done {
    TRY(store.put_person(person));
    TRY(store.forget_access_tokens(person.name));
    TRY(store.forget_login_failures(person.name));
    const auto text = fmt::format("{} is {} until {}{}", person.name, name_of(person.role), format_time(person.expires),
                                  person.password.empty() ? "" : ", with a password");
    return as_done(append(store, {.at = now, .who = "server", .text = text}));
  };
  TRY(as_status(store.transaction(write)));
  return secret;
}

Result<std::string> make_access_token(Store& store, const std::string& person, const Scope& scope, Time expires,
                                      Time now) {
  std::string secret;
  const auto write = [&]() -> Done {
    const auto owner = TRY(store.person(person));
    if (!owner) return refuse(Kind::not_found, "not-found", "there is no {}", person);
    for (const auto act : scope)
      if (!may(owner->role, act))
        return refuse(Kind::bad_input, "role", "{} is {}, who may not {}", person, name_of(owner->role),
                      to_text({act}));
    if (expires > owner->expires)
      return refuse(Kind::bad_input, "bad-input", "{} is known until {} only", person, format_time(owner->expires));
    secret = TRY(add_access_token(store, person, scope, expires, now));
    const auto text = fmt::format("a token for {} until {}: {}", person, format_time(expires), to_text(scope));
    return as_done(append(store, {.at = now, .who = "server", .text = text}));
  };
  TRY(as_status(store.transaction(write)));
  return secret;
}

Result<std::string> add_access_token(Store& store, const std::string& person, const Scope& scope, Time expires,
                                     Time now) {
  const auto secret = TRY(random_hex(24));
  TRY(store.add_access_token({sha256_hex(as_bytes(secret)), person, scope, expires}, now));
  return secret;
}

}  // namespace suture::server
