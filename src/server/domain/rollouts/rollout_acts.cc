#include "server/domain/rollouts/rollout_acts.h"

#include <algorithm>

#include "base/strict_json.h"
#include "rollout/acts.h"

namespace suture::server {
namespace {

constexpr json::Limits act_limits{.bytes = 4096, .depth = 2, .values = 10};
constexpr std::size_t longest_reason = 500;

Result<std::string> read_text(json::Fields& fields, std::string_view name) {
  if (fields.find(name) == nullptr) return std::string();
  auto text = TRY(fields.string(name));
  if (text.size() > longest_reason || std::ranges::any_of(text, [](unsigned char each) { return each < ' '; }))
    return fail("{}: is longer than {} characters, or has control characters", fields.place(name), longest_reason);
  return text;
}

Done as_act(const Status& status) {
  if (!status) return refuse(Kind::conflict, "not-now", "{}", status.error().describe());
  return {};
}

Done pass(Rollout& rollout, const std::string& ring) {
  const auto found = std::ranges::find(rollout.plan.rings, ring, &rollout::Ring::name);
  if (found == rollout.plan.rings.end()) return refuse(Kind::bad_input, "bad-input", "there is no ring '{}'", ring);
  if (!found->gate.by_hand) return refuse(Kind::conflict, "not-now", "ring {} does not wait for a person", ring);
  if (std::ranges::find(rollout.passed_by_hand, ring) == rollout.passed_by_hand.end())
    rollout.passed_by_hand.push_back(ring);
  return {};
}

}  // namespace

Result<ActRequest> read_act(std::string_view body) {
  if (body.empty()) return ActRequest{};
  const auto value = TRY(json::parse_strict(body, "body", act_limits));
  auto fields = TRY(json::Fields::of(value, "body"));
  ActRequest request;
  request.host = TRY(read_text(fields, "host"));
  request.ring = TRY(read_text(fields, "ring"));
  request.reason = TRY(read_text(fields, "reason"));
  TRY(fields.no_rest());
  return request;
}

Result<RecallRequest> read_recall(std::string_view body) {
  const auto value = TRY(json::parse_strict(body, "body", act_limits));
  auto fields = TRY(json::Fields::of(value, "body"));
  RecallRequest request;
  request.level = static_cast<rollout::Level>(TRY(fields.integer("level", 1, 0xffff'ffff)));
  request.reason = TRY(read_text(fields, "reason"));
  if (request.reason.empty()) return fail("{}: is missing: others will ask why nothing starts", fields.place("reason"));
  TRY(fields.no_rest());
  return request;
}

Act needed_for(std::string_view verb) {
  if (verb == "approvals") return Act::approve;
  return verb == "break-glass" ? Act::break_glass : Act::steer;
}

Outcome<std::string> carry_out(std::string_view verb, const ActRequest& request, const std::string& who,
                               Rollout& rollout) {
  auto& state = rollout.state;
  const auto why = fmt::format("by {}{}{}", who, request.reason.empty() ? "" : ": ", request.reason);
  if (verb == "pause") {
    TRY(as_act(rollout::pause(state, "paused " + why)));
    return "paused " + why;
  }
  if (verb == "resume") {
    TRY(as_act(rollout::resume(state)));
    return "resumed " + why;
  }
  if (verb == "abort") {
    TRY(as_act(rollout::abort(state, "aborted " + why)));
    return "aborted " + why;
  }
  if (verb == "retry") {
    TRY(as_act(rollout::retry(state, request.host)));
    return "told again, " + why;
  }
  if (verb == "leave") {
    TRY(as_act(rollout::leave(state, request.host, why)));
    return "left " + why;
  }
  if (verb == "go-on") {
    TRY(as_act(rollout::go_on(state)));
    return "taking back goes on " + why;
  }
  if (verb == "pass") {
    TRY(pass(rollout, request.ring));
    return "let pass " + why;
  }
  if (verb == "break-glass") {
    if (request.reason.empty()) return refuse(Kind::bad_input, "bad-input", "breaking the glass needs a reason");
    if (rollout::ended(state)) return refuse(Kind::conflict, "not-now", "the rollout has ended");
    rollout.broken_glass = why;
    return "GLASS BROKEN: it goes on without approvals, windows and freezes that it lacks, " + why;
  }
  return refuse(Kind::not_found, "not-found", "'{}' is nothing that can be done to a rollout", verb);
}

}  // namespace suture::server
