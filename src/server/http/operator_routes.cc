#include "server/http/operator_routes.h"

#include <algorithm>
#include <array>

#include "base/numbers.h"

#include "server/domain/audit.h"
#include "server/domain/hosts/host_list.h"
#include "server/domain/overview/matrix.h"
#include "server/domain/overview/metrics.h"
#include "server/domain/overview/trial.h"
#include "server/domain/people/people.h"
#include "server/domain/rollouts/rollout_acts.h"
#include "server/http/respond.h"
#include "server/http/target.h"

namespace suture::server {
namespace {

/// Everything, or of one rollout: lines of JSON, waited for.
Answer audit(Store& store, const Target& target, const std::string& rollout) {
  constexpr std::size_t most = 1000;
  const auto asked = target.wait();
  if (!asked) return problem(asked.error());
  const auto entries = store.audit_after(asked->after, rollout, most);
  if (!entries) return problem(entries.error());
  if (entries->empty()) return {.status = 204, .wait = asked->wait};
  std::string lines;
  for (const auto& each : *entries) lines += to_line(each);
  return {.body = std::move(lines), .type = "application/jsonl"};
}

Answer revoke_host(Store& store, const Person& person, const std::string& id, std::string_view body, Time now) {
  if (const auto allowed = allow(person, Act::steer); !allowed) return problem(allowed.error());
  const auto act = as_input(read_act(body));
  if (!act) return problem(act.error());
  return as_answer(revoke(store, person, id, act->reason, now));
}

/// The number in a path: /v1/policies/3.
std::int64_t number_in(const std::string& part) { return to_number<std::int64_t>(part).value_or(-1); }

Answer answer_hosts(Parts& control, const Person& person, const Request& request, const Target& target, Time now) {
  const auto& parts = target.parts();
  const auto size = parts.size();
  const auto offers = control.catalogue.offers();
  if (request.method == "GET" && size == 2) return as_answer(list_hosts(control.store, offers.get(), now));
  if (request.method == "GET" && size == 3) return as_answer(show_host(control.store, offers.get(), parts[2], now));
  if (request.method == "POST" && size == 4 && parts[3] == "revoke")
    return revoke_host(control.store, person, parts[2], request.body, now);
  if (request.method == "PUT" && size == 4 && parts[3] == "labels")
    return as_answer(label_host(control.store, offers.get(), person, parts[2], request.body, now));
  return no_such_operation();
}

Answer answer_policies(Parts& control, const Person& person, const Request& request, const Target& target, Time now) {
  const auto& parts = target.parts();
  const bool gets = request.method == "GET", posts = request.method == "POST";
  if (gets && parts.size() == 2) return as_answer(control.policies.list());
  if (posts && parts.size() == 2) return as_answer(control.policies.activate(person, request.body, now));
  if (posts && parts.size() == 3 && parts[2] == "trial")
    return as_answer(try_policy(control.store, control.catalogue, control.rollouts, person, request.body, now));
  if (gets && parts.size() == 3) return as_answer(control.policies.show(number_in(parts[2])));
  return no_such_operation();
}

Answer as_metrics(const Outcome<std::string>& written) {
  if (!written) return problem(written.error());
  return {.body = *written, .type = "text/plain; version=0.0.4"};
}

}  // namespace

bool is_of_people(const Request& request) {
  const Target target(request.target);
  const auto& parts = target.parts();
  constexpr std::array<std::string_view, 7> of_people{"hosts",   "rollouts", "audit",    "recalls",
                                                      "metrics", "policies", "catalogue"};
  return parts.size() >= 2 && parts[0] == "v1" && std::ranges::find(of_people, parts[1]) != of_people.end();
}

Answer answer_people(Parts& control, const Request& request, Time now) {
  auto& rollouts = control.rollouts;
  const auto person = identify(control.store, request.token, now);
  if (!person) return control.strangers.admit(request, now, [&] { return problem(person.error()); });
  const Target target(request.target);
  const auto& parts = target.parts();
  const bool gets = request.method == "GET", posts = request.method == "POST";
  const auto size = parts.size();
  if (const auto allowed = allow(*person, Act::see); gets && !allowed) return problem(allowed.error());
  if (parts[1] == "hosts") return answer_hosts(control, *person, request, target, now);
  if (parts[1] == "policies") return answer_policies(control, *person, request, target, now);
  if (gets && size == 2 && parts[1] == "catalogue")
    return as_answer(view_catalogue(control.store, control.catalogue, control.policies, now));
  if (gets && size == 2 && parts[1] == "audit") return audit(control.store, target, "");
  if (posts && size == 2 && parts[1] == "recalls") return as_answer(rollouts.recall(*person, request.body, now));
  if (gets && size == 2 && parts[1] == "metrics")
    return as_metrics(write_metrics(control.store, control.catalogue, control.policies, rollouts, now));
  if (parts[1] != "rollouts") return no_such_operation();
  if (gets && size == 2) return as_answer(rollouts.list());
  if (posts && size == 2) return as_answer(rollouts.create(*person, request.body, now, request.arrived));
  if (posts && size == 3 && parts[2] == "trial")
    return as_answer(rollouts.try_out(*person, request.body, now, request.arrived));
  if (gets && size == 3) return as_answer(rollouts.show(parts[2], now));
  if (gets && size == 4 && parts[3] == "events") return audit(control.store, target, parts[2]);
  if (posts && size == 4 && parts[3] == "approvals")
    return as_answer(rollouts.approve(*person, parts[2], request.body, now));
  if (posts && size == 4)
    return as_answer(rollouts.act(*person, parts[2], parts[3], request.body, now, request.arrived));
  return no_such_operation();
}

}  // namespace suture::server
