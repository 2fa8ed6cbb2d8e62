#include "trust/tuf/path_pattern.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace suture::trust::tuf {
namespace {

/// The length of the set that `pattern` begins with, brackets included; nothing if it does not close.
std::optional<std::size_t> set_length(std::string_view pattern) {
  std::size_t first = 1;
  if (first < pattern.size() && pattern[first] == '!') ++first;
  const auto end = pattern.find(']', first + 1);  // a ']' that comes first is a member
  if (end == std::string_view::npos) return std::nullopt;
  return end + 1;
}

bool set_holds(std::string_view set, char character) {
  auto members = set.substr(1, set.size() - 2);
  const bool inverted = members.starts_with('!');
  if (inverted) members.remove_prefix(1);
  bool found = false;
  while (!members.empty()) {
    const bool range = members.size() >= 3 && members[1] == '-';
    const char last = members[range ? 2 : 0];
    found = found || (members[0] <= character && character <= last);
    members.remove_prefix(range ? 3 : 1);
  }
  return found != inverted;
}

/// How much of `pattern` the character used up; 0 if it does not match.
std::size_t match_one(std::string_view pattern, char character) {
  if (pattern.empty()) return 0;
  if (character != '/') {
    if (pattern[0] == '?') return 1;
    if (pattern[0] == '[') {
      if (const auto length = set_length(pattern))
        return set_holds(pattern.substr(0, *length), character) ? *length : 0;
    }
  }
  return pattern[0] == character ? 1 : 0;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view path) {
  // After a '*' the rest is tried at one place after the other. Only the last '*' needs another try.
  std::optional<std::pair<std::string_view, std::string_view>> again;
  while (true) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      again = {pattern, path};
    } else if (const auto used = path.empty() ? 0 : match_one(pattern, path[0]); used != 0) {
      pattern.remove_prefix(used);
      path.remove_prefix(1);
    } else if (pattern.empty() && path.empty()) {
      return true;
    } else {
      if (!again || again->second.empty() || again->second[0] == '/') return false;
      again->second.remove_prefix(1);
      std::tie(pattern, path) = *again;
    }
  }
}

}  // namespace suture::trust::tuf
