#include "agent/fleet/link.h"

#include <charconv>

#include "base/json.h"

namespace suture::agent {
namespace {

constexpr std::size_t longest = 1 << 21;

template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}

}  // namespace

Result<Link> Link::open(const Membership& member, const LinkOptions& options) {
  auto helper = TRY(repository::Helper::start({options.program.string(), member.server}, options.user));
  TRY(helper.send(fmt::format("IDENTITY {} {} {}\n{}{}{}", member.ca.size(), member.certificate.size(),
                              member.key.size(), member.ca, member.certificate, member.key),
                  {}));
  return Link(std::move(helper));
}

Result<Answer> Link::read(const repository::Helper::Patience& patience) {
  const auto line = TRY(helper_.line(patience));
  constexpr std::string_view bad = "ERROR ";
  if (line.starts_with(bad)) return fail("{}", line.substr(bad.size()));
  Answer answer;
  std::size_t size = 0;
  std::string_view rest = line;
  if (!take_number(rest, answer.status) || !take_number(rest, size) || !rest.empty() || size > longest)
    return fail("suture-link answers in another language");
  answer.body = TRY(helper_.bytes(size, patience));
  return answer;
}

Result<Answer> Link::ask(const std::string& method, const std::string& path, std::string_view body,
                         const repository::Helper::Patience& patience) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience.timeout).count();
  TRY(helper_.send(fmt::format("{} {} {} {}\n{}", method, path, seconds, body.size(), body), patience));
  return read(patience);
}

Status Link::begin(const std::string& path, long seconds) {
  return helper_.send(fmt::format("GET {} {} 0\n", path, seconds), {});
}

Result<Answer> Link::finish() { return read({}); }

std::string reason_of(const Answer& answer) {
  const auto value = json::parse(answer.body, "answer");
  const auto* object = value ? value->if_object() : nullptr;
  const auto* title = object == nullptr ? nullptr : object->if_contains("title");
  std::string text = title != nullptr && title->is_string() ? std::string(title->as_string())
                                                            : fmt::format("it answered {}", answer.status);
  for (auto& each : text)
    if (static_cast<unsigned char>(each) < ' ') each = ' ';
  return text;
}

}  // namespace suture::agent
