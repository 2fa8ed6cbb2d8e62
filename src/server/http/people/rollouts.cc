#include "server/http/entity_tag.h"
#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {
namespace {

Answer as_rollout(const Outcome<ShownRollout>& shown) {
  if (!shown) return problem(shown.error());
  return {.body = shown->json, .type = "application/json", .etag = tag_of(*shown)};
}

Answer list_rollouts(const Asked& asked) {
  const auto page = asked.target.page(most_on_a_page);
  if (!page) return problem(page.error());
  const auto listed = asked.parts.rollouts.list(page->after, page->limit);
  if (!listed) return problem(listed.error());
  return page_of(listed->json, listed->next.empty() ? "" : asked.target.next_page(*page, listed->next));
}

/// What If-Match allows to be done. Who may do nothing here learns nothing of it either.
Done may_change(const Asked& asked, const std::string& id, Act act) {
  if (asked.request.if_match.empty()) return {};
  TRY(allow(asked.person, act));
  const auto version = TRY(asked.parts.rollouts.version(id));
  return unchanged(asked.request.if_match, version);
}

Answer change(const Asked& asked, const std::string& id, const std::string& verb) {
  if (const auto may = may_change(asked, id, needed_for(verb)); !may) return problem(may.error());
  const auto& [parts, person, request, target, now] = asked;
  return as_rollout(verb == "approvals" ? parts.rollouts.approve(person, id, request.body, now)
                                        : parts.rollouts.act(person, id, verb, request.body, now, request.arrived));
}

Answer create(const Asked& asked) {
  const auto& [parts, person, request, target, now] = asked;
  return as_answer(parts.rollouts.create(person, request.body, now, request.arrived));
}

Answer try_rollout(const Asked& asked) {
  const auto& [parts, person, request, target, now] = asked;
  return as_answer(parts.rollouts.try_out(person, request.body, now, request.arrived));
}

Answer events(const Asked& asked, const std::string& id) {
  if (const auto version = asked.parts.rollouts.version(id); !version) return problem(version.error());
  const bool is_stream = asked.request.accept.find(event_stream_type) != std::string::npos;
  return is_stream ? event_stream(asked, id) : audit_lines(asked, id);
}

}  // namespace

Answer answer_rollouts(const Asked& asked) {
  if (asked.is("GET", 2)) return list_rollouts(asked);
  if (asked.is("POST", 2)) return create(asked);
  if (asked.is("POST", 3) && asked.part(2) == "trial") return try_rollout(asked);
  if (asked.is("GET", 3)) return as_rollout(asked.parts.rollouts.show(asked.part(2), asked.now));
  if (asked.is("GET", 4) && asked.part(3) == "events") return events(asked, asked.part(2));
  if (asked.is("POST", 4)) return change(asked, asked.part(2), asked.part(3));
  return no_such_operation();
}

Answer answer_recalls(const Asked& asked) {
  if (asked.is("POST", 2)) return as_answer(asked.parts.rollouts.recall(asked.person, asked.request.body, asked.now));
  return no_such_operation();
}

}  // namespace suture::server
