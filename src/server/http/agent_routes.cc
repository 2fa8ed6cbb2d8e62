#include "server/http/agent_routes.h"

#include "base/json.h"

namespace suture::server {
namespace {

unsigned status_of(Kind kind) {
  switch (kind) {
    case Kind::bad_input:
      return 400;
    case Kind::forbidden:
      return 403;
    case Kind::not_found:
      return 404;
    case Kind::conflict:
      return 409;
    case Kind::failed:
      break;
  }
  return 500;
}

Answer problem(const Refusal& refusal) {
  const auto status = status_of(refusal.kind);
  const bool ours = refusal.kind == Kind::failed;
  const auto title = ours ? "the server failed; its log says why" : refusal.message;
  const boost::json::object json{{"type", "about:suture:" + refusal.code}, {"title", title}, {"status", status}};
  return {.status = status,
          .body = json::pretty(json),
          .type = "application/problem+json",
          .failure = ours ? refusal.message : ""};
}

Answer as_answer(const Outcome<std::string>& outcome) {
  if (!outcome) return problem(outcome.error());
  return {.body = *outcome, .type = "application/json"};
}

}  // namespace

Answer answer_agent(Fleet& fleet, const Request& request, Time now) {
  const auto is = [&](std::string_view method, std::string_view path) {
    return request.method == method && request.target == path;
  };
  if (is("POST", "/v1/enroll")) return as_answer(fleet.enroll(request.body, now));
  if (!request.peer)
    return problem({Kind::forbidden, "no-certificate", "this needs the certificate of an enrolled host"});
  if (is("POST", "/v1/agent/renew")) return as_answer(fleet.renew(*request.peer, request.body, now));
  if (is("PUT", "/v1/agent/report")) {
    const auto done = fleet.report(*request.peer, request.body, now);
    return done ? Answer{.status = 204} : problem(done.error());
  }
  return problem({Kind::not_found, "not-found", "there is no such operation"});
}

}  // namespace suture::server
