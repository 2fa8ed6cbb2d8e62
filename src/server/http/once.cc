#include "server/http/once.h"

#include <algorithm>

#include "base/digest.h"
#include "server/http/respond.h"

namespace suture::server {
namespace {

constexpr std::chrono::hours kept_for{24};
constexpr std::size_t longest = 255;

/// A string of RFC 8941, without escapes: "5f0c3d26".
Outcome<std::string> read_key(std::string_view field) {
  const auto is_plain = [](unsigned char each) { return each > ' ' && each < 0x7f && each != '"' && each != '\\'; };
  if (field.size() < 3 || !field.starts_with('"') || !field.ends_with('"') || field.size() > longest + 2 ||
      !std::ranges::all_of(field.substr(1, field.size() - 2), is_plain))
    return refuse(Kind::bad_input, "bad-input", "an Idempotency-Key is a string in quotes, of at most {} characters",
                  longest);
  return std::string(field.substr(1, field.size() - 2));
}

}  // namespace

Answer once(Parts& parts, const Person& person, const Request& request, Time now,
            const std::function<Answer()>& carry_out) {
  auto& store = parts.store;
  const auto key = read_key(request.idempotency_key);
  if (!key) return problem(key.error());
  const auto since = now - kept_for;
  const auto asked = Digest().add(request.method).add(request.target).add(request.body).hex();
  const auto kept = store.kept_answer(person.name, *key, since);
  if (!kept) return problem(kept.error());
  if (const auto& known = *kept) {
    if (known->request != asked)
      return problem({Kind::unprocessable, "key-reused", "this Idempotency-Key came with another request before"});
    return {
        .status = static_cast<unsigned>(known->status), .body = known->body, .type = known->type, .etag = known->etag};
  }
  Answer answer;
  const auto done = store.gather([&]() -> Done {
    answer = carry_out();
    if (!answer.failure.empty()) return refuse(Kind::failed, "failed", "{}", answer.failure);
    if (answer.wait.count() != 0) return {};
    return store.transaction([&] {
      return as_done(store.keep_answer(
          {person.name, *key, asked, now, std::int64_t{answer.status}, answer.type, answer.body, answer.etag}, since));
    });
  });
  if (done) return answer;
  parts.policies.reload();
  parts.rollouts.reload();
  return problem(done.error());
}

}  // namespace suture::server
