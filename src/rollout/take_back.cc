#include "rollout/take_back.h"

#include <fmt/format.h>

#include <algorithm>

#include "rollout/gate.h"
#include "rollout/give.h"

namespace suture::rollout {
namespace {

class TakingBack {
 public:
  TakingBack(const Plan& plan, const Observations& seen, Time now, Step& step)
      : plan_(plan), seen_(seen), now_(now), step_(step) {}

  void run() {
    if (stop_on_harm()) return;
    for (const auto& ring : plan_.rings) count_on_their_way(ring);
    for (auto ring = plan_.rings.rbegin(); ring != plan_.rings.rend(); ++ring) {
      // The ring before waits for this one, though not for hosts that nobody can reach.
      if (!take_back_ring(*ring)) break;
    }
    if (!step_.waits.empty()) return;
    step_.state.phase = Phase::taken_back;
    if (step_.state.drill_begun) end_drill();
    step_.events.push_back({"", "", "every host that can be is back"});
  }

 private:
  HostState& known(const Host& host) { return step_.state.hosts.at(host.id); }
  bool silent(const Host& host) const { return is_silent(plan_, seen_, host.id, now_); }

  bool stop_on_harm() {
    std::size_t harmed = 0;
    std::string first;
    for (const auto& ring : plan_.rings) {
      for (const auto& host : ring.hosts) {
        if (!known(host).harmed) continue;
        if (++harmed == 1) first = host.id + ": " + known(host).note;
      }
    }
    if (harmed <= plan_.back_failed_hosts) return false;
    step_.state.phase = Phase::stopped;
    step_.state.reason =
        fmt::format("taking back harmed {} hosts, more than {}: {}", harmed, plan_.back_failed_hosts, first);
    step_.events.push_back({"", "", "stopped: " + step_.state.reason});
    step_.waits.push_back(step_.state.reason);
    return true;
  }

  void count_on_their_way(const Ring& ring) {
    for (const auto& host : ring.hosts) {
      const auto phase = known(host).phase;
      if (phase == HostPhase::back && silent(host)) {
        ++on_their_way_;
        step_.waits.push_back(fmt::format("host {} went back and is silent since", host.id));
      }
      if (phase != HostPhase::told_back) continue;
      ++on_their_way_;
      step_.waits.push_back(
          fmt::format("host {} was told to go back{}", host.id, silent(host) ? " and is silent" : ""));
    }
  }

  void end_drill() {
    const auto took = std::chrono::duration_cast<Seconds>(now_ - *step_.state.drill_begun);
    std::size_t left = 0;
    for (const auto& [id, host] : step_.state.hosts)
      if (host.phase == HostPhase::left) ++left;
    if (left == 0) step_.state.drill_took = took;
    step_.events.push_back(
        {"", "",
         left != 0 ? fmt::format("the drill failed: {} hosts could not be taken back", left)
         : took > plan_.drill
             ? fmt::format("the drill failed: it took {} s, {} s were asked for", took.count(), plan_.drill.count())
             : fmt::format("the drill was kept: {} s, of {} s", took.count(), plan_.drill.count())});
  }

  /// Whether nothing of it that can be reached is left to take back.
  bool take_back_ring(const Ring& ring) {
    bool done = true;
    for (const auto& host : ring.hosts) {
      auto& state = known(host);
      if (state.phase == HostPhase::told_back) done = false;
      if (!state.treated || state.phase == HostPhase::told_back || state.phase == HostPhase::left) continue;
      if (silent(host)) {
        step_.waits.push_back(fmt::format("host {} is silent, and may run {}", host.id, name_of(plan_, plan_.level)));
        continue;
      }
      const bool damaged = seen_.hosts.at(host.id).damaged;
      const auto way = way_back(plan_, host, damaged);
      if (!way) {
        leave(ring, host, damaged);
      } else if (on_their_way_ < plan_.back_at_once) {
        give(plan_, host, *way, ring.name, now_, step_);
        ++on_their_way_;
        step_.waits.push_back(fmt::format("host {} was told to go back", host.id));
        done = false;
      } else {
        step_.waits.push_back(fmt::format("host {} is to go back after others", host.id));
        done = false;
      }
    }
    return done;
  }

  void leave(const Ring& ring, const Host& host, bool damaged) {
    auto& state = known(host);
    state.phase = HostPhase::left;
    state.since = now_;
    state.note = damaged                  ? "it is damaged: it needs a reboot"
                 : host.ways_back.empty() ? "no way back is proven for it"
                                          : "its only proven way back is a reboot, which the plan leaves to a person";
    step_.events.push_back({ring.name, host.id, "is left: " + state.note});
  }

  const Plan& plan_;
  const Observations& seen_;
  Time now_;
  Step& step_;
  std::size_t on_their_way_ = 0;
};

}  // namespace

std::optional<Direction> way_back(const Plan& plan, const Host& host, bool damaged) {
  const auto has = [&](Way way) { return std::ranges::find(host.ways_back, way) != host.ways_back.end(); };
  if (!damaged && (has(Way::replace) || has(Way::disable_and_load))) return Direction::back;
  // A damaged kernel unloads nothing; where the level before is proven at all, a reboot loads it into a fresh one.
  if (plan.may_reboot && (has(Way::reboot) || (damaged && !host.ways_back.empty()))) return Direction::reboot_back;
  return std::nullopt;
}

void take_back(const Plan& plan, const Observations& seen, Time now, Step& step) {
  TakingBack(plan, seen, now, step).run();
}

}  // namespace suture::rollout
