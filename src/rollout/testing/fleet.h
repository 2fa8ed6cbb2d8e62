// A fake fleet: hosts that do what they are told, each in its own way, and a server that keeps the
// rollout and steps it. Time goes on by whole polls.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rollout/gate.h"
#include "rollout/step.h"

namespace suture::rollout::testing {

using namespace std::chrono_literals;

/// How a host takes the level. Numbers are polls after it was told.
struct Manner {
  int applies_after = 1;
  bool fails = false;            ///< undoes it by itself instead
  int worse_after = -1;          ///< after it applied; -1: never
  int oopses_after = -1;         ///< after it applied
  int goes_back_after = 1;       ///< after it was told to
  bool dies_going_back = false;  ///< is silent for ever from then on
  bool fails_going_back = false;
  bool idle = false;          ///< never sees its minimum of load
  std::set<int> silent = {};  ///< polls of the whole run in which it says nothing
};

class Fleet {
 public:
  explicit Fleet(Plan of) : plan(std::move(of)), state(begin(plan)) {
    for (const auto& ring : plan.rings)
      for (const auto& host : ring.hosts) hosts_[host.id].level = host.before;
    for (const auto& host : plan.holdback) hosts_[host];
  }

  /// One poll: hosts ask and report, then the rollout makes a step.
  Step poll() {
    ++polls;
    now += plan.poll;
    for (auto& [id, host] : hosts_) {
      live(id, host);
      if (!host.dead && !manner[id].silent.contains(polls) && !partition) report(id, host);
    }
    return make_step();
  }

  /// Until the rollout ends, at most `most` polls. What it waits for at the end.
  std::vector<std::string> run(int most = 200) {
    std::vector<std::string> waits;
    for (int i = 0; i < most && !ended(state); ++i) waits = poll().waits;
    return waits;
  }

  Step make_step() {
    auto made = step(plan, state, seen, now);
    state = made.state;
    orders.insert(orders.end(), made.orders.begin(), made.orders.end());
    events.insert(events.end(), made.events.begin(), made.events.end());
    return made;
  }

  void answer_checks(Answer answer, const std::string& reason = "") {
    for (const auto& ring : plan.rings)
      for (const auto& name : ring.gate.checks)
        seen.checks[{ring.name, name}] = {.at = now, .answer = answer, .reason = reason};
  }

  std::vector<HostId> told(Direction direction) const {
    std::vector<HostId> ids;
    for (const auto& order : orders)
      if (order.direction == direction) ids.push_back(order.host);
    return ids;
  }
  HostPhase phase_of(const HostId& id) const { return state.hosts.at(id).phase; }
  Level level_of(const HostId& id) const { return hosts_.at(id).level; }

  Plan plan;
  State state;
  Observations seen;
  Time now{};
  int polls = 0;
  bool partition = false;
  std::map<HostId, Manner> manner;
  std::vector<Order> orders;
  std::vector<Event> events;

 private:
  struct Life {
    Level level = 0;
    Order order = {};
    int since_order = 0, since_applied = -1;
    bool failed = false, dead = false, oopsed = false;
  };

  void live(const HostId& id, Life& host) {
    auto& how = manner[id];
    if (host.dead) return;
    if (!how.silent.contains(polls) && !partition) {
      const auto order = standing_order(plan, state, id);
      if (order && order->number != host.order.number) {
        host.order = *order;
        host.since_order = 0;
        host.failed = false;
      }
    }
    if (host.order.number == 0) return;
    ++host.since_order;
    if (host.since_applied >= 0) ++host.since_applied;
    if (host.order.direction == Direction::go) {
      if (host.since_order == how.applies_after) {
        host.failed = how.fails;
        if (!how.fails) host.level = host.order.level, host.since_applied = 0;
      }
      if (how.oopses_after >= 0 && host.since_applied >= how.oopses_after) host.oopsed = true;
    } else if (host.since_order == how.goes_back_after) {
      host.dead = how.dies_going_back;
      host.failed = how.fails_going_back;
      if (!host.failed) host.level = host.order.level, host.since_applied = -1;
    }
  }

  void report(const HostId& id, const Life& host) {
    const auto& how = manner[id];
    const bool worse = how.worse_after >= 0 && host.since_applied >= how.worse_after;
    const bool answered = host.order.direction == Direction::go ? host.since_order >= how.applies_after
                                                                : host.since_order >= how.goes_back_after;
    seen.hosts[id] = {.at = now,
                      .level = host.level,
                      .busy = host.order.number != 0 && !answered,
                      .failed = host.failed,
                      .damaged = host.oopsed,
                      .verdict = host.since_applied < 0 ? Verdict::none
                                 : worse                ? Verdict::worse
                                                        : Verdict::well,
                      .loaded = !how.idle,
                      .answers = host.order.number};
  }

  std::map<HostId, Life> hosts_;
};

inline Ring ring(std::string name, std::vector<HostId> ids, unsigned at_once = 1) {
  Ring made{.name = std::move(name), .hosts = {}, .at_once = at_once, .pause = 0s, .gate = {.soak = 10min}};
  for (auto& id : ids) made.hosts.push_back({.id = std::move(id), .before = 0, .ways_back = {Way::disable_and_load}});
  return made;
}

/// One canary, a wave of three, two hosts that are never treated.
inline Plan small_plan() {
  return {.level = 1,
          .rings = {ring("canary", {"c1"}), ring("wave-1", {"w1", "w2", "w3"}, 2)},
          .holdback = {"h1", "h2"},
          .poll = 60s,
          .transition = 120s,
          .silence = 300s};
}

}  // namespace suture::rollout::testing
