#include "server/http/agent_routes.h"

#include "server/http/respond.h"
#include "server/http/target.h"

namespace suture::server {
namespace {

Answer next_assignment(Fleet& fleet, Rollouts& rollouts, const Request& request, const Target& target, Time now) {
  const auto asked = target.wait();
  if (!asked) return problem(asked.error());
  const auto host = fleet.known(*request.peer);
  if (!host) return problem(host.error());
  const auto assigned = rollouts.assignment(*host, asked->after, now);
  if (!assigned) return problem(assigned.error());
  if (!*assigned) return {.status = 204, .wait = asked->wait};
  return {.body = **assigned, .type = "application/json"};
}

}  // namespace

Answer answer_agent(Fleet& fleet, Rollouts& rollouts, Strangers& strangers, const Request& request, Time now) {
  const Target target(request.target);
  const auto is = [&](std::string_view method, std::string_view path) {
    return request.method == method && target.path() == path;
  };
  if (is("POST", "/v1/enroll"))
    return strangers.admit(request, now, [&] { return as_answer(fleet.enroll(request.body, now)); });
  if (!request.peer)
    return problem({Kind::forbidden, "no-certificate", "this needs the certificate of an enrolled host"});
  if (is("POST", "/v1/agent/renew")) return as_answer(fleet.renew(*request.peer, request.body, now));
  if (is("PUT", "/v1/agent/report")) return as_answer(fleet.report(*request.peer, request.body, now));
  if (is("GET", "/v1/agent/assignment")) return next_assignment(fleet, rollouts, request, target, now);
  return no_such_operation();
}

}  // namespace suture::server
