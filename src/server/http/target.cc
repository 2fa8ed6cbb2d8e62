#include "server/http/target.h"

#include <charconv>

namespace suture::server {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(at), text.size());
    if (end != 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

// Nothing that has a name here needs an escape: identifiers, words and numbers.
Target::Target(std::string_view text) {
  const auto mark = std::min(text.find('?'), text.size());
  path_ = text.substr(0, mark);
  parts_ = split(path_, '/');
  for (const auto& each : split(text.substr(mark == text.size() ? mark : mark + 1), '&')) {
    const auto equals = std::min(each.find('='), each.size());
    query_[each.substr(0, equals)] = each.substr(std::min(equals + 1, each.size()));
  }
}

Outcome<Target::Wait> Target::wait() const {
  constexpr std::int64_t longest = 300;
  const auto after = number("after", 0, std::numeric_limits<std::int64_t>::max() - 1);
  const auto wait = number("wait", 0, longest);
  if (!after || !wait)
    return refuse(Kind::bad_input, "bad-input", "after is a sequence, and wait at most {} seconds", longest);
  return Wait{*after, std::chrono::seconds(*wait)};
}

std::optional<std::int64_t> Target::number(const std::string& name, std::int64_t least, std::int64_t most) const {
  const auto found = query_.find(name);
  if (found == query_.end()) return 0;
  std::int64_t value = 0;
  const auto* end = found->second.data() + found->second.size();
  const auto [stopped, error] = std::from_chars(found->second.data(), end, value);
  if (error != std::errc() || stopped != end || value < least || value > most) return std::nullopt;
  return value;
}

}  // namespace suture::server
