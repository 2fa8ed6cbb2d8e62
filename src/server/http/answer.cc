#include "server/http/answer.h"

#include "server/http/agent_routes.h"
#include "server/http/operator_routes.h"
#include "server/http/respond.h"

namespace suture::server {

Answer answer(Parts& parts, const Request& request, Time now) {
  if (request.method == "POST" && request.target == "/v1/login")
    return parts.strangers.admit(request, now, [&] { return as_answer(parts.logins.log_in(request.body, now)); });
  if (is_of_people(request)) return answer_people(parts, request, now);
  return answer_agent(parts.fleet, parts.rollouts, parts.strangers, request, now);
}

}  // namespace suture::server
