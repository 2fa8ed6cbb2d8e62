#include "server/domain/make_rollout.h"

#include <algorithm>
#include <set>

#include "server/domain/report_view.h"
#include "server/domain/rollout_json.h"

namespace suture::server {
namespace {

class Maker {
 public:
  Maker(Store& store, Catalogue& catalogue, const RolloutRequest& request,
        const std::map<std::string, std::string>& busy)
      : store_(store), catalogue_(catalogue), request_(request), busy_(busy) {}

  Outcome<MadeRollout> make() {
    hosts_ = TRY(store_.hosts());
    auto& rollout = made_.rollout;
    rollout.name = request_.name;
    rollout.plan = request_.plan;
    rollout.approvals_needed = request_.approvals;
    rollout.checks = request_.checks;
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
    const auto reason = TRY(take(host, ring));
    if (!reason.empty()) made_.left_out.push_back({host.id, ring.name, reason});
    return {};
  }

  /// Why not; empty if it is in the ring now.
  Result<std::string> take(const Host& host, rollout::Ring& ring) {
    if (!host.held.empty()) return "it is held: " + host.held;
    if (const auto other = busy_.find(host.id); other != busy_.end()) return "it is part of " + other->second;
    const auto last = TRY(store_.last_report(host.id));
    if (!last) return std::string("it has not reported yet");
    const auto seen = TRY(view(*last));
    const auto& plan = request_.plan;
    const auto offered = TRY(catalogue_.level(seen.release, seen.build_id, plan.level));
    if (!offered) return fmt::format("its kernel {} has no level {}", seen.release, plan.level);
    if (plan.level < offered->floor) return fmt::format("level {} is below the floor of {}", plan.level, seen.release);
    const auto before = seen.report.level;
    if (before >= plan.level) return fmt::format("it runs level {}", before);
    rollout::Host member{.id = host.id, .before = before};
    for (const auto& each : offered->ways_back)
      if (each.to == before && before >= offered->floor) member.ways_back.push_back(each.way);
    TRY(add_target(seen, plan.level, offered->sha256));
    if (before != 0) {
      const auto earlier = TRY(catalogue_.level(seen.release, seen.build_id, before));
      if (earlier) TRY(add_target(seen, before, earlier->sha256));
    }
    made_.rollout.build_ids[host.id] = seen.build_id;
    ring.hosts.push_back(std::move(member));
    return std::string();
  }

  Status add_target(const ReportView& seen, rollout::Level level, const std::string& sha256) {
    const trust::AssignedLevel target{seen.build_id, level, sha256};
    auto& targets = made_.rollout.targets;
    if (std::ranges::find(targets, target) == targets.end()) targets.push_back(target);
    return {};
  }

  Store& store_;
  Catalogue& catalogue_;
  const RolloutRequest& request_;
  const std::map<std::string, std::string>& busy_;
  std::vector<Host> hosts_;
  std::set<std::string> taken_;
  MadeRollout made_;
};

}  // namespace

Outcome<MadeRollout> make_rollout(Store& store, Catalogue& catalogue, const RolloutRequest& request,
                                  const std::map<std::string, std::string>& busy) {
  return Maker(store, catalogue, request, busy).make();
}

}  // namespace suture::server
