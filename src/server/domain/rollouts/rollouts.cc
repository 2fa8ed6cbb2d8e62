#include "server/domain/rollouts/rollouts.h"

#include <algorithm>

#include "base/json.h"
#include "rollout/acts.h"
#include "rollout/step.h"
#include "server/domain/audit.h"
#include "server/domain/hosts/report_view.h"
#include "server/domain/random.h"
#include "server/domain/rollouts/assign.h"
#include "server/domain/rollouts/hold_to_policy.h"
#include "server/domain/rollouts/observe.h"
#include "server/domain/rollouts/rollout_acts.h"
#include "server/domain/rollouts/rollout_json.h"
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

boost::json::array left_out_of(const MadeRollout& made) {
  boost::json::array left;
  for (const auto& each : made.left_out)
    left.push_back({{"host", each.host}, {"ring", each.ring}, {"reason", each.reason}});
  return left;
}

std::string_view words_of(rollout::Way way) {
  switch (way) {
    case rollout::Way::replace:
      return "replace";
    case rollout::Way::disable_and_load:
      return "disable and load";
    case rollout::Way::reboot:
      break;
  }
  return "reboot";
}

/// One ring as a plan has it: who is in it, and by which ways each could go back.
Result<boost::json::object> ring_of(Store& store, const rollout::Plan& plan, const rollout::Ring& ring) {
  boost::json::array hosts;
  for (const auto& member : ring.hosts) {
    const auto host = TRY(store.host(member.id));
    boost::json::array ways;
    for (const auto way : member.ways_back) ways.emplace_back(words_of(way));
    hosts.push_back({{"host", member.id},
                     {"hostname", host ? host->hostname : ""},
                     {"before", member.before},
                     {"ways_back", std::move(ways)}});
  }
  return boost::json::object{{"name", ring.name},
                             {"at_once", ring.at_once},
                             {"soak", soak_of(plan, ring).count()},
                             {"hosts", std::move(hosts)}};
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

Outcome<std::shared_ptr<const Offers>> Rollouts::offers(Instant asked) {
  if (!catalogue_->has_looked_since(asked))
    return refuse(Kind::not_yet, "not-yet", "the repository is being looked through: ask again");
  auto seen = catalogue_->offers();
  if (!seen->failure.empty())
    return refuse(Kind::conflict, "repository", "the repository cannot be looked through: {}", seen->failure);
  return seen;
}

Outcome<Rollouts::Made> Rollouts::make(const Person& person, std::string_view body, Time now, Instant asked) {
  const auto request = TRY(as_input(read_rollout_request(body)));
  TRY(load());
  if (const auto why = TRY(store_->recalled(request.plan.level)); why && request.agent.empty())
    return refuse(Kind::conflict, "recalled", "level {} was recalled: {}", request.plan.level, *why);
  const auto offered = TRY(offers(asked));
  auto made = TRY(make_rollout(*store_, *offered, request, busy()));
  made.rollout.author = person.name;
  made.rollout.created = now;
  auto raised = TRY(hold_to_policy(*policies_, made, now));
  return Made{std::move(made), std::move(raised)};
}

Outcome<std::string> Rollouts::create(const Person& person, std::string_view body, Time now, Instant asked) {
  TRY(allow(person, Act::propose));
  auto [made, raised] = TRY(make(person, body, now, asked));
  auto& rollout = made.rollout;
  rollout.id = TRY(random_uuid());
  rollout.state = rollout::begin(rollout.plan);
  rollout.digest = plan_digest(rollout);
  TRY(keep(rollout, {{.at = now,
                      .who = person.name,
                      .rollout = rollout.id,
                      .text = fmt::format(
                          "created: {}, {}, policy {}, plan {}{}{}", rollout.name,
                          name_of(rollout.plan, rollout.plan.level), rollout.policy, rollout.digest,
                          rollout.takes_back == 0 ? "" : fmt::format("; takes back level {}", rollout.takes_back),
                          rollout.emergency.empty() ? "" : "; EMERGENCY: " + rollout.emergency)}}));
  return json::pretty({{"id", rollout.id},
                       {"digest", rollout.digest},
                       {"left_out", left_out_of(made)},
                       {"raised", boost::json::value_from(raised)}});
}

Outcome<std::string> Rollouts::try_out(const Person& person, std::string_view body, Time now, Instant asked) {
  TRY(allow(person, Act::see));
  const auto [made, raised] = TRY(make(person, body, now, asked));
  const auto& plan = made.rollout.plan;
  boost::json::array rings;
  for (const auto& ring : plan.rings) rings.push_back(TRY(ring_of(*store_, plan, ring)));
  const auto closed = TRY(closed_now(*store_, *policies_, made.rollout, now));
  return json::pretty({{"level", plan.level},
                       {"agent", made.rollout.agent},
                       {"takes_back", made.rollout.takes_back},
                       {"policy", made.rollout.policy},
                       {"approvals_needed", made.rollout.approvals_needed},
                       {"approval_rules", boost::json::value_from(made.rollout.approval_rules)},
                       {"rings", std::move(rings)},
                       {"left_out", left_out_of(made)},
                       {"raised", boost::json::value_from(raised)},
                       {"closed", closed}});
}

Result<std::vector<Rollout>> Rollouts::all() {
  TRY(load());
  return all_;
}

Outcome<RolloutList> Rollouts::list(const std::string& after, std::size_t most) {
  TRY(load());
  auto begin = all_.begin();
  if (!after.empty()) {
    begin = std::ranges::find(all_, after, &Rollout::id);
    if (begin == all_.end())
      return refuse(Kind::bad_input, "bad-input", "there is no rollout {} to go on after", after);
    ++begin;
  }
  const std::span rest(begin, all_.end());
  const auto shown = rest.first(std::min(most, rest.size()));
  return RolloutList{view_rollouts(shown), shown.size() < rest.size() ? shown.back().id : ""};
}

Outcome<ShownRollout> Rollouts::show(const std::string& id, Time now) {
  const auto rollout = TRY(find(id));
  return TRY(view_rollout(sources(), rollout, now));
}

Outcome<std::string> Rollouts::version(const std::string& id) {
  const auto rollout = TRY(find(id));
  return version_of(rollout);
}

std::map<std::string, std::string> Rollouts::busy() const {
  std::map<std::string, std::string> busy;
  for (const auto& each : all_)
    if (!rollout::ended(each.state))
      for (const auto& [host, state] : each.state.hosts)
        busy[host] = fmt::format("rollout {} ({})", each.id, each.name);
  return busy;
}

Outcome<std::string> Rollouts::join(const ActRequest& request, const std::string& who, Rollout& rollout, Time now,
                                    Instant asked) {
  const auto host = TRY(store_->host(request.host));
  if (!host) return refuse(Kind::not_found, "not-found", "there is no host {}", request.host);
  const auto offered = TRY(offers(asked));
  const auto taken = TRY(take_in(*store_, *offered, busy(), *host, rollout));
  if (!taken.member) return refuse(Kind::conflict, "left-out", "{}: {}", host->hostname, taken.why_not);
  TRY(may_join(*policies_, rollout, taken.subject, now));
  const auto joined = rollout::join(rollout.plan, rollout.state, request.ring, *taken.member);
  if (!joined) return refuse(Kind::conflict, "not-now", "{}", joined.error().describe());
  return "joined by " + who;
}

Outcome<ShownRollout> Rollouts::act(const Person& person, const std::string& id, std::string_view verb,
                                    std::string_view body, Time now, Instant asked) {
  TRY(allow(person, needed_for(verb)));
  const auto request = TRY(as_input(read_act(body)));
  auto rollout = TRY(find(id));
  auto text = TRY(verb == "join" ? join(request, person.name, rollout, now, asked)
                                 : carry_out(verb, request, person.name, rollout));
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

Outcome<ShownRollout> Rollouts::approve(const Person& person, const std::string& id, std::string_view document,
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
    const auto seen = TRY(observe(sources(), all_[i], now));
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
