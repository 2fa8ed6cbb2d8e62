#include "server/domain/people.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "server/domain/random.h"

namespace suture::server {
namespace {

constexpr std::array names{std::pair{Role::author, "author"},     std::pair{Role::tester, "tester"},
                           std::pair{Role::approver, "approver"}, std::pair{Role::operates, "operator"},
                           std::pair{Role::auditor, "auditor"},   std::pair{Role::admin, "admin"}};

bool may(Role role, Act act) {
  switch (act) {
    case Act::see:
      return true;
    case Act::propose:
      return role == Role::author || role == Role::operates || role == Role::admin;
    case Act::approve:
      return role == Role::approver;
    case Act::govern:
    case Act::break_glass:
      return role == Role::admin;
    case Act::steer:
      return role == Role::operates || role == Role::admin;
  }
  return false;
}

}  // namespace

Done allow(const Person& person, Act act) {
  if (may(person.role, act)) return {};
  return refuse(Kind::forbidden, "role", "{} is {}, whose role this is not", person.name, name_of(person.role));
}

std::string_view name_of(Role role) {
  return std::ranges::find(names, role, &std::pair<Role, const char*>::first)->second;
}

Result<Role> role_of(std::string_view name) {
  for (const auto& [role, word] : names)
    if (name == word) return role;
  return fail("'{}' is no role: author, tester, approver, operator, auditor or admin", name);
}

Outcome<Person> identify(Store& store, std::string_view token, Time now) {
  auto person = TRY(store.person_of(sha256_hex(as_bytes(token))));
  if (!person || person->expires <= now)
    return refuse(Kind::unauthorized, "token", "this token is unknown or past its end");
  return std::move(*person);
}

Result<std::string> make_person(Store& store, const std::string& name, Role role, const std::string& key,
                                Time expires) {
  const auto is_plain = [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '-' || each == '.' || each == '@' || each == '_';
  };
  if (name.empty() || name.size() > 100 || !std::ranges::all_of(name, is_plain) || name == "server")
    return fail("'{}' is no name of a person: letters, digits, '-', '.', '_' and '@'", name);
  const auto bytes = from_hex(key);
  if (!key.empty() && (!bytes || bytes->size() != trust::ed25519::PublicKey().size()))
    return fail("'{}' is no Ed25519 public key: 64 hexadecimal digits", key);
  const auto secret = TRY(random_hex(24));
  TRY(store.put_person({name, role, sha256_hex(as_bytes(secret)), key, expires}));
  return secret;
}

}  // namespace suture::server
