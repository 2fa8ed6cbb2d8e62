#include "server/domain/audit.h"
#include "base/numbers.h"
#include "server/http/people/asked.h"
#include "server/http/respond.h"

namespace suture::server {
namespace {

/// The sequence that a cursor or a Last-Event-ID has; `otherwise` if there is none.
Outcome<std::int64_t> sequence_of(std::string_view text, std::int64_t otherwise) {
  if (text.empty()) return otherwise;
  const auto sequence = to_number<std::int64_t>(text);
  if (!sequence || *sequence < 0) return refuse(Kind::bad_input, "bad-input", "'{}' is no sequence of an entry", text);
  return *sequence;
}

Outcome<Answer> lines(const Asked& asked, const std::string& rollout) {
  const auto wait = TRY(asked.target.wait());
  const auto page = TRY(asked.target.page(most_on_a_page));
  const auto after = TRY(sequence_of(page.after, wait.after));
  auto entries =
      TRY(asked.parts.store.audit_after(after, rollout, page.limit + 1));  // one more shows whether there are more
  if (entries.empty()) return Answer{.status = 204, .wait = wait.wait};
  const bool has_more = entries.size() > page.limit;
  if (has_more) entries.pop_back();
  Answer answer{.type = "application/jsonl"};
  for (const auto& each : entries) answer.body += to_line(each);
  if (has_more) answer.link = asked.target.next_page(page, std::to_string(entries.back().sequence));
  return answer;
}

/// https://html.spec.whatwg.org/multipage/server-sent-events.html
Outcome<Answer> stream(const Asked& asked, const std::string& rollout) {
  constexpr std::size_t at_once = 100;  // what waits for a slow reader is this much, and not all
  const auto wait = TRY(asked.target.wait());
  const auto after = TRY(sequence_of(asked.request.last_event_id, wait.after));
  const auto entries = TRY(asked.parts.store.audit_after(after, rollout, at_once));
  Answer answer{.type = std::string(event_stream_type)};
  for (const auto& each : entries) answer.body += fmt::format("id: {}\ndata: {}\n", each.sequence, to_line(each));
  answer.goes_on = std::to_string(entries.empty() ? after : entries.back().sequence);
  return answer;
}

Outcome<std::string> signed_checkpoint(const Asked& asked) {
  return TRY(checkpoint(asked.parts.store, asked.parts.assignment_key, asked.now));
}

Answer or_problem(Outcome<Answer> answer) { return answer ? std::move(*answer) : problem(answer.error()); }

}  // namespace

Answer audit_lines(const Asked& asked, const std::string& rollout) { return or_problem(lines(asked, rollout)); }
Answer event_stream(const Asked& asked, const std::string& rollout) { return or_problem(stream(asked, rollout)); }

Answer answer_audit(const Asked& asked) {
  if (asked.is("GET", 3) && asked.part(2) == "checkpoint") return as_answer(signed_checkpoint(asked));
  return asked.is("GET", 2) ? audit_lines(asked, "") : no_such_operation();
}
Answer answer_events(const Asked& asked) { return asked.is("GET", 2) ? event_stream(asked, "") : no_such_operation(); }

}  // namespace suture::server
