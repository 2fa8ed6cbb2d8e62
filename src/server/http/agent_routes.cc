#include "server/http/agent_routes.h"

#include "server/http/respond.h"
#include "server/http/target.h"

namespace suture::server {
namespace {

Answer next_assignment(Fleet& fleet, Rollouts& rollouts, const Request& request, const Target& target, Time now) {
  constexpr std::int64_t longest = 300;
  const auto after = target.number("after", 0, std::numeric_limits<std::int64_t>::max() - 1);
  const auto wait = target.number("wait", 0, longest);
  if (!after || !wait)
    return problem({Kind::bad_input, "bad-input", "after is a sequence, and wait at most 300 seconds"});
  const auto host = fleet.known(*request.peer);
  if (!host) return problem(host.error());
  const auto assigned = rollouts.assignment(*host, *after, now);
  if (!assigned) return problem(assigned.error());
  if (!*assigned) return {.status = 204, .wait = std::chrono::seconds(*wait)};
  return {.body = **assigned, .type = "application/json"};
}

}  // namespace

Answer answer_agent(Fleet& fleet, Rollouts& rollouts, const Request& request, Time now) {
  const Target target(request.target);
  const auto is = [&](std::string_view method, std::string_view path) {
    return request.method == method && target.path() == path;
  };
  if (is("POST", "/v1/enroll")) return as_answer(fleet.enroll(request.body, now));
  if (!request.peer)
    return problem({Kind::forbidden, "no-certificate", "this needs the certificate of an enrolled host"});
  if (is("POST", "/v1/agent/renew")) return as_answer(fleet.renew(*request.peer, request.body, now));
  if (is("PUT", "/v1/agent/report")) {
    const auto done = fleet.report(*request.peer, request.body, now);
    return done ? Answer{.status = 204} : problem(done.error());
  }
  if (is("GET", "/v1/agent/assignment")) return next_assignment(fleet, rollouts, request, target, now);
  return no_such_operation();
}

}  // namespace suture::server
