#include "base/numbers.h"
#include "server/domain/overview/trial.h"
#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {
namespace {

/// -1, which no version is, if it is no number.
std::int64_t version_of(std::string_view text) { return to_number<std::int64_t>(text).value_or(-1); }

Answer list_policies(const Asked& asked) {
  const auto page = asked.target.page(most_on_a_page);
  if (!page) return problem(page.error());
  const auto after = page->after.empty() ? 0 : version_of(page->after);
  if (after < 0) return problem({Kind::bad_input, "bad-input", "cursor is none that a Link gave"});
  const auto listed = asked.parts.policies.list(after, page->limit);
  if (!listed) return problem(listed.error());
  return page_of(listed->json, listed->next == 0 ? "" : asked.target.next_page(*page, std::to_string(listed->next)));
}

Answer try_policy(const Asked& asked) {
  const auto& [parts, person, request, target, now] = asked;
  return as_answer(try_policy(parts.store, parts.catalogue, parts.rollouts, person, request.body, now));
}

}  // namespace

Answer answer_policies(const Asked& asked) {
  auto& policies = asked.parts.policies;
  if (asked.is("GET", 2)) return list_policies(asked);
  if (asked.is("GET", 3)) return as_answer(policies.show(version_of(asked.part(2))));
  if (asked.is("POST", 2)) return as_answer(policies.activate(asked.person, asked.request.body, asked.now));
  if (asked.is("POST", 3) && asked.part(2) == "trial") return try_policy(asked);
  return no_such_operation();
}

}  // namespace suture::server
