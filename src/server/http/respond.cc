#include "server/http/respond.h"

#include "base/json.h"

namespace suture::server {
namespace {

unsigned status_of(Kind kind) {
  switch (kind) {
    case Kind::bad_input:
      return 400;
    case Kind::unauthorized:
      return 401;
    case Kind::forbidden:
      return 403;
    case Kind::not_found:
      return 404;
    case Kind::conflict:
      return 409;
    case Kind::changed:
      return 412;
    case Kind::unprocessable:
      return 422;
    case Kind::not_yet:
      return 503;
    case Kind::too_many:
      return 429;
    case Kind::failed:
      break;
  }
  return 500;
}

constexpr std::chrono::seconds not_yet{60};

}  // namespace

Answer problem(const Refusal& refusal) {
  const auto status = status_of(refusal.kind);
  const bool ours = refusal.kind == Kind::failed;
  const auto title = ours ? "the server failed; its log says why" : refusal.message;
  const boost::json::object json{{"type", "about:suture:" + refusal.code}, {"title", title}, {"status", status}};
  return {.status = status,
          .body = json::pretty(json),
          .type = "application/problem+json",
          .failure = ours ? refusal.message : "",
          .wait = refusal.kind == Kind::not_yet ? not_yet : std::chrono::seconds(0),
          .retry_after = refusal.retry_after};
}

Answer as_answer(const Outcome<std::string>& outcome) {
  if (!outcome) return problem(outcome.error());
  return {.body = *outcome, .type = "application/json"};
}

Answer as_answer(const Done& done) { return done ? Answer{.status = 204} : problem(done.error()); }

Answer no_such_operation() { return problem({Kind::not_found, "not-found", "there is no such operation"}); }

Answer page_of(const std::string& json, std::string link) {
  return {.body = json, .type = "application/json", .link = std::move(link)};
}

}  // namespace suture::server
