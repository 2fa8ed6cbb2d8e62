#include "server/domain/rollouts/rollouts.h"

#include <algorithm>

#include "base/json.h"
#include "rollout/acts.h"
#include "rollout/step.h"
#include "server/domain/audit.h"
#include "server/domain/hosts/report_view.h"
#include "server/domain/random.h"
#include "server/domain/rollouts/assign.h"
#include "server/domain/rollouts/observe.h"
#include "server/domain/rollouts/rollout_acts.h"
#include "server/domain/rollouts/rollout_json.h"
#include "server/domain/rollouts/rollout_view.h"
#include "trust/decision/approval.h"

namespace suture::server {
namespace {

std::vector<AuditEntry> entries_of(const Rollout& rollout, const std::vector<rollout::Event>& events, Time now) {
  std::vector<AuditEntry> entries;
  for (const auto& each : events)
    entries.push_back(
        {.at = now, .who = "server", .rollout = rollout.id, .ring = each.ring, .host = each.host, .text = each.text});
  return entries;
}

}  // namespace

Status Rollouts::load() {
  if (loaded_) return {};
  all_ = TRY(store_->rollouts());
  loaded_ = true;
  return {};
}

Outcome<Rollout> Rollouts::find(const std::string& id) {
  TRY(load());
  const auto found = std::ranges::find(all_, id, &Rollout::id);
  if (found == all_.end()) return refuse(Kind::not_found, "not-found", "there is no rollout {}", id);
  return *found;
}

Done Rollouts::keep(Rollout rollout, const std::vector<AuditEntry>& entries) {
  const auto write = [&]() -> Done {
    TRY(store_->put_rollout(rollout));
    for (const auto& each : entries) TRY(append(*store_, each));
    return {};
  };
  TRY(store_->transaction(write));
  const auto found = std::ranges::find(all_, rollout.id, &Rollout::id);
  if (found == all_.end())
    all_.push_back(std::move(rollout));
  else
    *found = std::move(rollout);
  return {};
}

Outcome<std::string> Rollouts::create(const Person& person, std::string_view body, Time now) {
  TRY(allow(person, Act::propose));
  const auto request = TRY(as_input(read_rollout_request(body)));
  TRY(load());
  if (const auto why = TRY(store_->recalled(request.plan.level)))
    return refuse(Kind::conflict, "recalled", "level {} was recalled: {}", request.plan.level, *why);
  auto made = TRY(make_rollout(*store_, *catalogue_, request, busy()));
  auto& rollout = made.rollout;
  rollout.id = TRY(random_uuid());
  rollout.author = person.name;
  rollout.created = now;
  rollout.state = rollout::begin(rollout.plan);
  rollout.digest = plan_digest(rollout);
  TRY(keep(rollout, {{.at = now,
                      .who = person.name,
                      .rollout = rollout.id,
                      .text = fmt::format("created: {}, level {}, plan {}", rollout.name, rollout.plan.level,
                                          rollout.digest)}}));
  boost::json::array left;
  for (const auto& each : made.left_out)
    left.push_back({{"host", each.host}, {"ring", each.ring}, {"reason", each.reason}});
  return json::pretty({{"id", rollout.id}, {"digest", rollout.digest}, {"left_out", std::move(left)}});
}

Result<std::vector<Rollout>> Rollouts::all() {
  TRY(load());
  return all_;
}

Outcome<std::string> Rollouts::list() {
  TRY(load());
  return view_rollouts(all_);
}

Outcome<std::string> Rollouts::show(const std::string& id, Time now) {
  const auto rollout = TRY(find(id));
  return TRY(view_rollout(*store_, *answers_, comparisons_, rollout, now));
}

std::map<std::string, std::string> Rollouts::busy() const {
  std::map<std::string, std::string> busy;
  for (const auto& each : all_)
    if (!rollout::ended(each.state))
      for (const auto& [host, state] : each.state.hosts)
        busy[host] = fmt::format("rollout {} ({})", each.id, each.name);
  return busy;
}

Outcome<std::string> Rollouts::join(const ActRequest& request, const std::string& who, Rollout& rollout) {
  const auto host = TRY(store_->host(request.host));
  if (!host) return refuse(Kind::not_found, "not-found", "there is no host {}", request.host);
  const auto taken = TRY(take_in(*store_, *catalogue_, busy(), *host, rollout));
  if (!taken.member) return refuse(Kind::conflict, "left-out", "{}: {}", host->hostname, taken.why_not);
  const auto joined = rollout::join(rollout.plan, rollout.state, request.ring, *taken.member);
  if (!joined) return refuse(Kind::conflict, "not-now", "{}", joined.error().describe());
  return "joined by " + who;
}

Outcome<std::string> Rollouts::act(const Person& person, const std::string& id, std::string_view verb,
                                   std::string_view body, Time now) {
  TRY(allow(person, Act::steer));
  const auto request = TRY(as_input(read_act(body)));
  auto rollout = TRY(find(id));
  auto text =
      TRY(verb == "join" ? join(request, person.name, rollout) : carry_out(verb, request, person.name, rollout));
  TRY(keep(rollout, {{.at = now,
                      .who = person.name,
                      .rollout = id,
                      .ring = request.ring,
                      .host = request.host,
                      .text = std::move(text)}}));
  return show(id, now);
}

Done Rollouts::recall(const Person& person, std::string_view body, Time now) {
  TRY(allow(person, Act::steer));
  const auto request = TRY(as_input(read_recall(body)));
  const auto why = fmt::format("by {}: {}", person.name, request.reason);
  const auto text = fmt::format("level {} recalled {}", request.level, why);
  return store_->transaction([&]() -> Done {
    TRY(store_->put_recall(request.level, why));
    return as_done(append(*store_, {.at = now, .who = person.name, .text = text}));
  });
}

Outcome<std::string> Rollouts::approve(const Person& person, const std::string& id, std::string_view document,
                                       Time now) {
  TRY(allow(person, Act::approve));
  auto rollout = TRY(find(id));
  if (person.name == rollout.author)
    return refuse(Kind::forbidden, "own-rollout", "{} created it: somebody else has to approve it", person.name);
  const auto key = from_hex(person.key);
  trust::ed25519::PublicKey known{};
  if (!key || key->size() != known.size())
    return refuse(Kind::forbidden, "no-key", "the server knows no key of {}: suture-server person add --key",
                  person.name);
  std::ranges::copy(*key, known.begin());
  const auto statement = TRY(as_input(trust::open_approval(document, known, "body")));
  if (statement.rollout != id || statement.digest != rollout.digest || statement.approver != person.name)
    return refuse(Kind::conflict, "other-plan", "what was signed is not this rollout's plan, {}", rollout.digest);
  if (std::ranges::find(rollout.approvals, person.name, &Approval::by) == rollout.approvals.end())
    rollout.approvals.push_back({person.name, std::string(document)});
  TRY(keep(rollout, {{.at = now, .who = person.name, .rollout = id, .text = "approved: plan " + rollout.digest}}));
  return show(id, now);
}

Outcome<bool> Rollouts::tick(Time now) {
  TRY(load());
  bool decided = false;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (rollout::ended(all_[i].state)) continue;
    const auto seen = TRY(observe(*store_, *answers_, comparisons_, all_[i], now));
    auto step = rollout::step(all_[i].plan, all_[i].state, seen, now);
    if (step.state == all_[i].state) continue;
    decided = true;
    auto next = all_[i];
    next.state = std::move(step.state);
    TRY(keep(std::move(next), entries_of(all_[i], step.events, now)));
  }
  return decided;
}

Outcome<std::optional<std::string>> Rollouts::assignment(const Host& host, std::int64_t after, Time now) {
  TRY(load());
  const auto last = TRY(store_->last_assignment(host.id));
  const Rollout* of = nullptr;
  std::optional<rollout::Order> order;
  for (const auto& each : all_) {
    if (auto standing = rollout::standing_order(each.plan, each.state, host.id)) {
      of = &each;
      order = std::move(standing);
    }
  }
  const auto last_report = TRY(store_->last_report(host.id));
  bool answered = false;
  if (last_report && last) {
    const auto seen = TRY(view(*last_report));
    answered = seen.assignment >= last->sequence;
  }
  bool is_new = false;
  if (order) {
    const bool is_told = last && last->rollout == of->id && last->order == order->number;
    is_new = !is_told || (!answered && last->not_after <= now);
  } else if (last && last->order != 0 && !answered && last->not_after > now) {
    // What was told, and not begun, is not wanted any more.
    const auto told = std::ranges::find(all_, last->rollout, &Rollout::id);
    if (told == all_.end()) return refuse(Kind::failed, "failed", "assignment of a rollout that is not there");
    of = &*told;
    is_new = true;
  }
  if (!is_new) {
    if (last && last->sequence > after) return std::optional(last->document);
    return std::optional<std::string>();
  }
  // One that was lost on its way is not numbered again: the host has seen what it says that it has.
  const auto sequence = std::max(last ? last->sequence : 0, after) + 1;
  auto made = TRY(assign(host.id, sequence, *of, order, *key_, now));
  const auto write = [&]() -> Done {
    TRY(store_->add_assignment(made));
    return {};
  };
  TRY(store_->transaction(write));
  return std::optional(std::move(made.document));
}

}  // namespace suture::server
