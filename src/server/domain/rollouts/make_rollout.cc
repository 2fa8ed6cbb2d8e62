#include "server/domain/rollouts/make_rollout.h"

#include <algorithm>
#include <set>

#include "server/domain/hosts/report_view.h"
#include "server/domain/rollouts/agent_releases.h"

namespace suture::server {
namespace {

void add_target(const trust::AssignedLevel& target, Rollout& rollout) {
  if (std::ranges::find(rollout.targets, target) == rollout.targets.end()) rollout.targets.push_back(target);
}

class Maker {
 public:
  Maker(Store& store, const Offers& offers, const RolloutRequest& request,
        const std::map<std::string, std::string>& busy)
      : store_(store), offers_(offers), request_(request), busy_(busy) {}

  Outcome<MadeRollout> make() {
    hosts_ = TRY(store_.hosts());
    auto& rollout = made_.rollout;
    rollout.name = request_.name;
    rollout.plan = request_.plan;
    rollout.approvals_needed = request_.approvals;
    rollout.emergency = request_.emergency;
    rollout.takes_back = request_.takes_back;
    rollout.checks = request_.checks;
    if (!request_.agent.empty()) TRY(aim_at_agent(offers_, request_.agent, rollout));
    TRY(find_named());
    for (const auto& asked : request_.rings) {
      auto ring = asked.ring;
      for (const auto& host : hosts_) {
        const bool named = std::ranges::find(asked.hosts, host.id) != asked.hosts.end() ||
                           std::ranges::find(asked.hosts, host.hostname) != asked.hosts.end();
        if ((named || matches(host.labels, asked.where)) && taken_.insert(host.id).second) TRY(add(host, ring));
      }
      if (ring.hosts.empty()) return refuse_empty(ring);
      rollout.plan.rings.push_back(std::move(ring));
    }
    for (const auto& host : hosts_)
      if (matches(host.labels, request_.holdback) && taken_.insert(host.id).second)
        rollout.plan.holdback.push_back(host.id);
    TRY(as_input(rollout::check(rollout.plan)));
    return std::move(made_);
  }

 private:
  /// A name that no host has is a mistake, not an empty ring.
  Done find_named() {
    for (const auto& ring : request_.rings) {
      for (const auto& name : ring.hosts) {
        const auto count =
            std::ranges::count_if(hosts_, [&](const auto& h) { return h.id == name || h.hostname == name; });
        if (count == 0)
          return refuse(Kind::bad_input, "bad-input", "ring {}: no host is called '{}'", ring.ring.name, name);
        if (count > 1)
          return refuse(Kind::bad_input, "bad-input", "ring {}: {} hosts are called '{}'; name one by its id",
                        ring.ring.name, count, name);
      }
    }
    return {};
  }

  /// The same as rollout::check() would, with the reasons.
  tl::unexpected<Refusal> refuse_empty(const rollout::Ring& ring) const {
    std::string why = "no host has its labels";
    for (const auto& each : made_.left_out)
      if (each.ring == ring.name) why = fmt::format("{}: {}", each.host, each.reason);
    return refuse(Kind::bad_input, "empty-ring", "ring {}: has no hosts, so its gate could show nothing ({})",
                  ring.name, why);
  }

  Done add(const Host& host, rollout::Ring& ring) {
    auto taken = TRY(take_in(store_, offers_, busy_, host, made_.rollout));
    if (taken.member) {
      ring.hosts.push_back(std::move(*taken.member));
      made_.subjects.push_back(std::move(taken.subject));
      made_.all_have_evidence = made_.all_have_evidence && taken.has_evidence;
    } else {
      made_.left_out.push_back({host.id, ring.name, taken.why_not});
    }
    return {};
  }

  Store& store_;
  const Offers& offers_;
  const RolloutRequest& request_;
  const std::map<std::string, std::string>& busy_;
  std::vector<Host> hosts_;
  std::set<std::string> taken_;
  MadeRollout made_;
};

}  // namespace

namespace {

TakenIn not_because(std::string why) { return TakenIn{.why_not = std::move(why)}; }

/// A host that goes down has no way back to what was found bad: if that hurts too, a person sees to it.
TakenIn take_down(const KernelOffer& offer, const Host& host, const ReportView& seen, Rollout& rollout) {
  const auto from = rollout.takes_back, to = rollout.plan.level;
  if (seen.report.level != from) return not_because(fmt::format("it runs level {}", seen.report.level));
  if (to < offer.index.floor) return not_because(fmt::format("level {} is below the floor of {}", to, seen.release));
  const auto bad = offer.levels.find(from);
  if (bad == offer.levels.end() || std::ranges::none_of(bad->second.ways_back, [&](const auto& way) {
        return way.to == to && way.way != rollout::Way::reboot;
      }))
    return not_because(fmt::format("no way from level {} to {} is proven", from, to));
  if (const auto lower = offer.levels.find(to); lower != offer.levels.end())
    add_target({seen.build_id, to, lower->second.sha256}, rollout);
  rollout.build_ids[host.id] = seen.build_id;
  return TakenIn{.member = rollout::Host{.id = host.id, .before = from},
                 .subject = {host.hostname, host.labels, seen.release, {}},
                 .has_evidence = true};
}

TakenIn take_in_agent(const Offers& offers, const Host& host, const ReportView& seen, const Rollout& rollout) {
  const auto floor = offers.agent ? offers.agent->floor : 0;
  const auto before = level_in(rollout, seen), to = rollout.plan.level;
  if (to < floor) return not_because(fmt::format("agent {} is below the floor", rollout.agent));
  if (seen.agent.empty()) return not_because("it did not say which agent it runs");
  if (before == 0)
    return not_because(fmt::format("it runs agent {}, which is not among the signed releases", seen.agent));
  if (before >= to) return not_because(fmt::format("it runs agent {}", seen.agent));
  rollout::Host member{.id = host.id, .before = before};
  // The packages of before take the place of the new ones again.
  if (before >= floor) member.ways_back = {rollout::Way::replace};
  return TakenIn{.member = std::move(member),
                 .subject = {host.hostname, host.labels, seen.release, {agent_fix(rollout)}}};
}

}  // namespace

Result<TakenIn> take_in(Store& store, const Offers& offers, const std::map<std::string, std::string>& busy,
                        const Host& host, Rollout& rollout) {
  if (!host.held.empty()) return not_because("it is held: " + host.held);
  if (const auto other = busy.find(host.id); other != busy.end()) return not_because("it is part of " + other->second);
  const auto last = TRY(store.last_report(host.id));
  if (!last) return not_because("it has not reported yet");
  const auto seen = TRY(view(*last));
  if (is_of_agent(rollout)) return take_in_agent(offers, host, seen, rollout);
  const auto level = rollout.plan.level;
  const auto* offer = offers.of(seen.release, seen.build_id);
  if (rollout.takes_back != 0) {
    if (offer == nullptr) return not_because(fmt::format("its kernel {} has no levels", seen.release));
    return take_down(*offer, host, seen, rollout);
  }
  const auto offered = offer == nullptr ? decltype(offer->levels.begin())() : offer->levels.find(level);
  if (offer == nullptr || offered == offer->levels.end())
    return not_because(fmt::format("its kernel {} has no level {}", seen.release, level));
  const auto floor = offer->index.floor;
  if (level < floor) return not_because(fmt::format("level {} is below the floor of {}", level, seen.release));
  const auto before = seen.report.level;
  if (before >= level) return not_because(fmt::format("it runs level {}", before));
  rollout::Host member{.id = host.id, .before = before};
  for (const auto& each : offered->second.ways_back)
    if (each.to == before && before >= floor) member.ways_back.push_back(each.way);
  add_target({seen.build_id, level, offered->second.sha256}, rollout);
  if (const auto earlier = offer->levels.find(before); earlier != offer->levels.end())
    add_target({seen.build_id, before, earlier->second.sha256}, rollout);
  rollout.build_ids[host.id] = seen.build_id;
  return TakenIn{.member = std::move(member),
                 .subject = {host.hostname, host.labels, seen.release, fixes_gained(offer->index, before, level)},
                 .has_evidence = offered->second.has_evidence};
}

Outcome<MadeRollout> make_rollout(Store& store, const Offers& offers, const RolloutRequest& request,
                                  const std::map<std::string, std::string>& busy) {
  return Maker(store, offers, request, busy).make();
}

}  // namespace suture::server
