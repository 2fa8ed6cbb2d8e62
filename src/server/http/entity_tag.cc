#include "server/http/entity_tag.h"

#include <algorithm>
#include <vector>

#include "base/digest.h"

namespace suture::server {
namespace {

constexpr char parted = '.';
constexpr std::size_t digits = 32;  // of a digest: nobody forges these for his own harm

/// The tags of a list, without quotes. Ours have no comma within.
std::vector<std::string_view> tags_of(std::string_view field) {
  std::vector<std::string_view> tags;
  while (!field.empty()) {
    const auto end = std::min(field.find(','), field.size());
    auto tag = field.substr(0, end);
    field.remove_prefix(std::min(end + 1, field.size()));
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    while (tag.ends_with(' ')) tag.remove_suffix(1);
    // A proxy that compresses makes them weak.
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() >= 2 && tag.starts_with('"') && tag.ends_with('"')) tag = tag.substr(1, tag.size() - 2);
    if (!tag.empty()) tags.push_back(tag);
  }
  return tags;
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", text); }

}  // namespace

std::string tag_of(const ShownRollout& rollout) {
  return in_quotes(fmt::format("{}{}{}", rollout.version.substr(0, digits), parted, rollout.seen.substr(0, digits)));
}

Done unchanged(std::string_view if_match, std::string_view version) {
  const auto tags = tags_of(if_match);
  const auto is_of_version = [&](std::string_view tag) {
    return tag == "*" || tag.substr(0, tag.find(parted)) == version.substr(0, digits);
  };
  if (if_match.empty() || std::ranges::any_of(tags, is_of_version)) return {};
  return refuse(Kind::changed, "changed", "it has changed since you looked; look again");
}

Answer conditional(const Request& request, Answer answer) {
  if (request.method != "GET" || answer.status != 200 || answer.type != "application/json") return answer;
  if (answer.etag.empty()) answer.etag = in_quotes(Digest().add(answer.body).add(answer.link).hex().substr(0, digits));
  const auto tags = tags_of(request.if_none_match);
  const auto is_known = [&](std::string_view tag) { return tag == "*" || in_quotes(tag) == answer.etag; };
  if (!std::ranges::any_of(tags, is_known)) return answer;
  return {.status = 304, .etag = std::move(answer.etag), .link = std::move(answer.link)};
}

}  // namespace suture::server
