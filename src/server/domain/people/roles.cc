#include "server/domain/people/roles.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/words.h"

namespace suture::server {
namespace {

constexpr std::array roles{std::pair{Role::author, "author"},     std::pair{Role::tester, "tester"},
                           std::pair{Role::approver, "approver"}, std::pair{Role::operates, "operator"},
                           std::pair{Role::auditor, "auditor"},   std::pair{Role::admin, "admin"}};
constexpr std::array acts{std::pair{Act::see, "see"},         std::pair{Act::propose, "propose"},
                          std::pair{Act::approve, "approve"}, std::pair{Act::steer, "steer"},
                          std::pair{Act::govern, "govern"},   std::pair{Act::break_glass, "break-glass"}};

}  // namespace

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

Scope scope_of(Role role) {
  Scope scope;
  for (const auto& [act, word] : acts)
    if (may(role, act)) scope.insert(act);
  return scope;
}

std::string_view name_of(Role role) {
  return std::ranges::find(roles, role, &std::pair<Role, const char*>::first)->second;
}

Result<Role> role_of(std::string_view name) {
  for (const auto& [role, word] : roles)
    if (name == word) return role;
  return fail("'{}' is no role: author, tester, approver, operator, auditor or admin", name);
}

std::string to_text(const Scope& scope) {
  std::string text;
  for (const auto& [act, word] : acts)
    if (scope.contains(act)) text += (text.empty() ? "" : ",") + std::string(word);
  return text;
}

Result<Scope> read_scope(std::string_view text) {
  Scope scope;
  do {
    const auto part = take_until(text, ',');
    const auto* known = std::ranges::find(acts, part, [](const auto& each) { return std::string_view(each.second); });
    if (known == acts.end())
      return fail("'{}' is nothing that can be done: see, propose, approve, steer, govern, break-glass", part);
    scope.insert(known->first);
  } while (!text.empty());
  return scope;
}

}  // namespace suture::server
