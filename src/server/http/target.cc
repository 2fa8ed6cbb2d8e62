#include "server/http/target.h"

#include <charconv>

#include "base/bytes.h"

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

// A place in a list is written in hexadecimal: nobody takes it for something to be made by hand.
Outcome<Target::Page> Target::page(std::size_t most) const {
  const auto at_most = static_cast<std::int64_t>(most);
  const auto limit = number("limit", 1, at_most, at_most);
  if (!limit) return refuse(Kind::bad_input, "bad-input", "limit is from 1 to {}", most);
  Page page{static_cast<std::size_t>(*limit)};
  if (const auto found = query_.find("cursor"); found != query_.end()) {
    const auto place = from_hex(found->second);
    if (!place || place->empty()) return refuse(Kind::bad_input, "bad-input", "cursor is none that a Link gave");
    page.after = as_text(*place);
  }
  return page;
}

std::string Target::next_page(const Page& page, std::string_view after) const {
  return fmt::format("<{}?limit={}&cursor={}>; rel=\"next\"", path_, page.limit, to_hex(as_bytes(after)));
}

std::optional<std::int64_t> Target::number(const std::string& name, std::int64_t least, std::int64_t most,
                                           std::int64_t otherwise) const {
  const auto found = query_.find(name);
  if (found == query_.end()) return otherwise;
  std::int64_t value = 0;
  const auto* end = found->second.data() + found->second.size();
  const auto [stopped, error] = std::from_chars(found->second.data(), end, value);
  if (error != std::errc() || stopped != end || value < least || value > most) return std::nullopt;
  return value;
}

}  // namespace suture::server
