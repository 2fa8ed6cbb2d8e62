// What always holds of a rollout, whatever plan, fleet and luck it has.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "rollout/acts.h"
#include "rollout/testing/fleet.h"

namespace suture::rollout {
namespace {

using testing::Fleet;
using testing::Manner;
using namespace std::chrono_literals;

unsigned any(unsigned from, unsigned to) { return *rc::gen::inRange(from, to + 1); }
/// True about once in `n`.
bool rarely(unsigned n) { return any(1, n) == 1; }

Plan any_plan() {
  Plan plan{.level = 1, .rings = {}, .holdback = {}, .poll = 60s, .transition = 120s, .silence = 300s};
  plan.back_at_once = any(1, 3);
  plan.back_failed_hosts = any(0, 2);
  plan.may_reboot = rarely(2);
  if (rarely(4)) plan.drill = Seconds(any(1, 600));
  for (unsigned i = 0; i < any(1, 4); ++i) {
    std::vector<HostId> ids;
    for (unsigned j = 0; j < any(1, 5); ++j) ids.push_back(fmt::format("r{}-{}", i, j));
    auto ring = testing::ring(fmt::format("ring-{}", i), std::move(ids), any(1, 3));
    ring.pause = Seconds(any(0, 2) * 60);
    ring.gate.soak = Seconds(any(0, 10) * 60);
    ring.gate.failed_hosts = any(0, 1);
    ring.gate.success_percent = rarely(3) ? any(50, 100) : 100;
    ring.gate.silent_percent = rarely(3) ? any(0, 50) : 0;
    ring.gate.loaded_percent = rarely(3) ? any(0, 100) : 100;
    if (rarely(4)) ring.gate.checks = {"check"};
    for (auto& host : ring.hosts) {
      if (rarely(8)) host.ways_back = {Way::reboot};
      if (rarely(12)) host.ways_back.clear();
    }
    plan.rings.push_back(std::move(ring));
  }
  for (unsigned i = 0; i < any(0, 3); ++i) plan.holdback.push_back(fmt::format("h{}", i));
  return plan;
}

Manner any_manner(int polls) {
  Manner manner{.applies_after = static_cast<int>(any(1, 4)), .fails = rarely(12)};
  if (rarely(12)) manner.worse_after = static_cast<int>(any(0, 20));
  if (rarely(16)) manner.oopses_after = static_cast<int>(any(0, 20));
  manner.goes_back_after = static_cast<int>(any(1, 4));
  manner.dies_going_back = rarely(16);
  manner.fails_going_back = rarely(12);
  manner.idle = rarely(12);
  if (rarely(4)) {
    const int from = static_cast<int>(any(0, static_cast<unsigned>(polls)));
    const int until = rarely(2) ? polls : from + static_cast<int>(any(1, 20));
    for (int poll = from; poll <= until; ++poll) manner.silent.insert(poll);
  }
  return manner;
}

constexpr int polls = 160;

Fleet any_fleet() {
  Fleet fleet(any_plan());
  RC_ASSERT(check(fleet.plan));
  for (const auto& [id, host] : fleet.state.hosts) fleet.manner[id] = any_manner(polls);
  for (const auto& id : fleet.plan.holdback) fleet.manner[id] = any_manner(polls);
  return fleet;
}

std::size_t count(const Fleet& fleet, const Ring& ring, HostPhase phase) {
  return static_cast<std::size_t>(
      std::ranges::count_if(ring.hosts, [&](const Host& host) { return fleet.phase_of(host.id) == phase; }));
}

/// Runs a fleet with people and checks that interfere, and looks at every step.
template <typename Look>
void run(Fleet& fleet, Look look) {
  const auto partition_from = static_cast<int>(any(0, 2 * polls));
  const auto partition_until = partition_from + static_cast<int>(any(1, 30));
  for (int i = 0; i < polls; ++i) {
    fleet.partition = i >= partition_from && i < partition_until;
    fleet.seen.closed = rarely(10) ? "outside of the window" : "";
    if (rarely(60)) (void)pause(fleet.state, "a person");
    if (rarely(10)) (void)resume(fleet.state);
    if (rarely(200)) (void)abort(fleet.state, "a person");
    if (rarely(20)) (void)go_on(fleet.state);
    fleet.answer_checks(static_cast<Answer>(rarely(6) ? any(0, 5) : 0));
    const auto before = fleet.state;
    const auto made = fleet.poll();
    look(before, made);
  }
}

template <typename Property>
void holds(const char* what, Property property) {
  EXPECT_TRUE(rc::check(what, property));
}

TEST(RolloutProperty, NoMoreHostsOnTheirWayThanTheRingsLimit) {
  holds("at most at_once told, back_at_once told back", [] {
    auto fleet = any_fleet();
    run(fleet, [&](const State&, const Step&) {
      std::size_t going_back = 0;
      for (const auto& ring : fleet.plan.rings) {
        RC_ASSERT(count(fleet, ring, HostPhase::told) <= ring.at_once);
        going_back += count(fleet, ring, HostPhase::told_back);
      }
      RC_ASSERT(going_back <= fleet.plan.back_at_once);
    });
  });
}

// Written from the words of the gate, not with judge().
void assert_may_pass(const Fleet& fleet, const Ring& ring, const State& before) {
  std::size_t well = 0, failed = 0;
  for (const auto& host : ring.hosts) {
    const auto& known = fleet.state.hosts.at(host.id);
    if (known.phase == HostPhase::failed) ++failed;
    if (known.phase != HostPhase::applied) continue;
    const auto& report = fleet.seen.hosts.at(host.id);
    RC_ASSERT(report.level == fleet.plan.level);
    if (report.verdict == Verdict::well && fleet.now - report.at <= fleet.plan.silence) ++well;
    RC_ASSERT(fleet.now >= known.since + std::max(ring.gate.soak, fleet.plan.poll + fleet.plan.transition));
  }
  RC_ASSERT(failed <= ring.gate.failed_hosts);
  RC_ASSERT(well * 100 >= ring.hosts.size() * ring.gate.success_percent);
  RC_ASSERT(before.phase == Phase::running);
  for (const auto& name : ring.gate.checks) RC_ASSERT(fleet.seen.checks.at({ring.name, name}).answer == Answer::pass);
}

TEST(RolloutProperty, NoRingBeginsBeforeTheGatesOfAllBefore) {
  holds("gates open in order", [] {
    auto fleet = any_fleet();
    run(fleet, [&](const State& before, const Step& made) {
      for (std::size_t i = 0; i < fleet.plan.rings.size(); ++i) {
        if (made.state.rings[i].begun && i > 0) RC_ASSERT(made.state.rings[i - 1].passed.has_value());
        // The last gate of a drill opens the way back in the same step.
        const bool begins_drill = made.state.drill_begun && !before.drill_begun;
        if (made.state.rings[i].passed && !before.rings[i].passed && !begins_drill)
          assert_may_pass(fleet, fleet.plan.rings[i], before);
      }
    });
  });
}

TEST(RolloutProperty, AfterABreachNobodyIsTold) {
  holds("frozen is for ever", [] {
    auto fleet = any_fleet();
    bool frozen = false;
    run(fleet, [&](const State& before, const Step& made) {
      frozen = frozen || before.phase == Phase::frozen || made.state.phase == Phase::frozen;
      for (const auto& order : made.orders) RC_ASSERT((order.direction == Direction::go) == !frozen);
      for (const auto& [id, host] : fleet.state.hosts) {
        const auto order = standing_order(fleet.plan, fleet.state, id);
        if (frozen && order) RC_ASSERT(order->direction != Direction::go);
      }
    });
  });
}

TEST(RolloutProperty, SilenceAloneTakesNothingBack) {
  holds("healthy hosts that fall silent are not reverted", [] {
    Fleet fleet(any_plan());
    fleet.plan.drill = 0s;
    for (auto& ring : fleet.plan.rings) ring.gate.checks.clear();
    for (const auto& [id, host] : fleet.state.hosts) fleet.manner[id].silent = any_manner(polls).silent;
    for (int i = 0; i < polls; ++i) {
      if (rarely(10)) fleet.partition = !fleet.partition;
      for (const auto& order : fleet.poll().orders) RC_ASSERT(order.direction == Direction::go);
    }
  });
}

TEST(RolloutProperty, EveryBreachEndsTakenBackOrSaysWhyNot) {
  holds("no treated host is forgotten", [] {
    auto fleet = any_fleet();
    run(fleet, [&](const State&, const Step& made) {
      if (made.state.phase != Phase::taken_back) return;
      for (const auto& [id, host] : made.state.hosts) {
        if (host.phase == HostPhase::left)
          RC_ASSERT(!host.note.empty());
        else
          RC_ASSERT(!host.treated);
        RC_ASSERT(host.phase != HostPhase::told_back);
      }
    });
  });
}

TEST(RolloutProperty, EveryRolloutEndsOrSaysWhatItWaitsFor) {
  holds("never mute", [] {
    auto fleet = any_fleet();
    run(fleet, [&](const State&, const Step& made) { RC_ASSERT(ended(made.state) || !made.waits.empty()); });
  });
}

TEST(RolloutProperty, SameInputsGiveTheSameDecisionAndNoneIsMadeTwice) {
  holds("step is a function, and its own fixed point", [] {
    auto fleet = any_fleet();
    run(fleet, [&](const State& before, const Step& made) {
      const auto again = step(fleet.plan, before, fleet.seen, fleet.now);
      RC_ASSERT(again.state == made.state);
      RC_ASSERT(again.orders == made.orders);
      const auto next = step(fleet.plan, made.state, fleet.seen, fleet.now);
      RC_ASSERT(next.orders.empty());
    });
  });
}

TEST(RolloutProperty, WellFleetFinishes) {
  holds("a good level reaches everybody", [] {
    Fleet fleet(any_plan());
    fleet.plan.drill = 0s;
    for (auto& ring : fleet.plan.rings) ring.gate.checks.clear();
    fleet.run(1000);
    RC_ASSERT(fleet.state.phase == Phase::finished);
    for (const auto& [id, host] : fleet.state.hosts) RC_ASSERT(host.phase == HostPhase::applied);
  });
}

TEST(RolloutProperty, DrillOfAWellFleetLeavesNobodyAtTheLevel) {
  holds("a drill goes there and back", [] {
    Fleet fleet(any_plan());
    fleet.plan.drill = 600s;
    for (auto& ring : fleet.plan.rings) {
      ring.gate.checks.clear();
      for (auto& host : ring.hosts) host.ways_back = {Way::replace};
    }
    fleet.run(1000);
    RC_ASSERT(fleet.state.phase == Phase::taken_back);
    RC_ASSERT(fleet.state.drill_took.has_value());
    for (const auto& [id, host] : fleet.state.hosts) RC_ASSERT(fleet.level_of(id) == 0U);
  });
}

}  // namespace
}  // namespace suture::rollout
