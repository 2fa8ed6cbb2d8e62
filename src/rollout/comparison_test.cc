#include "rollout/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "rollout/testing/fleet.h"

namespace suture::rollout {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr Time begun{10'000s}, applied{10'100s};
constexpr auto soak = 600s, poll = 60s;
constexpr Time look = applied + soak;

/// Six treated hosts and six of the holdback, whose disk takes 2 ms, and reports each minute.
class ComparisonTest : public ::testing::Test {
 protected:
  ComparisonTest() {
    std::vector<HostId> treated;
    for (int i = 0; i < 6; ++i)
      treated.push_back("t" + std::to_string(i)), plan.holdback.push_back("h" + std::to_string(i));
    plan.level = 1;
    plan.rings = {testing::ring("wave", treated)};
    plan.comparison = {.readings = {{"disk_latency_ms", 0.5}}};
    state = begin(plan);
    state.rings[0].begun = begun;
    state.rings[0].last_applied = applied;
    for (auto& [id, host] : state.hosts) host.phase = HostPhase::applied, host.since = applied;
    measure([](const HostId&, Time) { return 2.0; });
  }

  void measure(const std::function<double(const HostId&, Time)>& latency) {
    measured.clear();
    for (int i = 0; i < 6; ++i) {
      for (const auto& id : {"t" + std::to_string(i), "h" + std::to_string(i)}) {
        for (Time at = begun - 1h; at <= look; at += poll) {
          const Level level = id[0] == 't' && at > applied ? 1 : 0;
          // A little of its own, so that no two hosts are alike.
          measured[id].push_back({at, level, {{"disk_latency_ms", latency(id, at) + i * 0.01}}});
        }
      }
    }
  }

  Check compared() const { return compare(plan, 0, state, measured, look); }

  Plan plan;
  State state;
  Measurements measured;
};

TEST_F(ComparisonTest, TreatedHostsThatGetWorseAloneAreABreachThatNamesTheReadingTheShiftAndItsChance) {
  measure([](const HostId& id, Time at) { return id[0] == 't' && at > applied ? 5.0 : 2.0; });
  const auto said = compared();
  EXPECT_EQ(said.answer, Answer::breach);
  EXPECT_EQ(said.reason,
            "disk_latency_ms: worse: 6 treated and 6 untreated hosts: shift 3, tolerated 0.5, by chance once in 924");
}

TEST_F(ComparisonTest, BadDayOfEverybodyPasses) {
  measure([](const HostId&, Time at) { return at > applied ? 9.0 : 2.0; });
  EXPECT_EQ(compared().answer, Answer::pass) << compared().reason;
}

TEST_F(ComparisonTest, WhatTheTransitionItselfDisturbedIsNoReadingOfAfter) {
  measure([](const HostId& id, Time at) { return id[0] == 't' && at > begun && at <= applied ? 50.0 : 2.0; });
  EXPECT_EQ(compared().answer, Answer::pass) << compared().reason;
}

TEST_F(ComparisonTest, ShiftThatFewHostsHaveIsInconclusive) {
  measure([](const HostId& id, Time at) { return id[0] == 't' && id[1] <= '3' && at > applied ? 5.0 : 2.0; });
  EXPECT_EQ(compared().answer, Answer::inconclusive) << compared().reason;
}

TEST_F(ComparisonTest, HostThatJustCameHasNoBeforeAndIsNoData) {
  for (auto& [id, reports] : measured)
    if (id == "t0" || id == "t1")
      std::erase_if(reports, [](const Measured& each) { return each.at <= begun - 2 * poll; });
  EXPECT_EQ(compared().answer, Answer::no_data);
  EXPECT_THAT(compared().reason, HasSubstr("disk_latency_ms: 4 treated and 6 untreated hosts said enough of it"));
}

TEST_F(ComparisonTest, ReadingThatNobodyHasIsNoDataAndIsNamed) {
  plan.comparison->readings.push_back({"io_pressure", 0.1});
  EXPECT_EQ(compared().answer, Answer::no_data);
  EXPECT_THAT(compared().reason, HasSubstr("io_pressure: 0 treated and 0 untreated"));
}

TEST_F(ComparisonTest, SilentHostsSayNothingAndAPartitionIsNoData) {
  for (auto& [id, reports] : measured)
    std::erase_if(reports, [&](const Measured& each) { return each.at > look - plan.silence - poll; });
  EXPECT_EQ(compared().answer, Answer::no_data);
}

TEST_F(ComparisonTest, HoldbackHostsThatSomebodyGaveTheLevelAreNotUntreated) {
  for (const auto* id : {"h0", "h1"})
    for (auto& each : measured[id]) each.level = each.at > applied ? 1 : 0;
  EXPECT_THAT(compared().reason, HasSubstr("6 treated and 4 untreated"));
}

TEST_F(ComparisonTest, HostsThatAreSilentMayStillSpeakAndOnesThatAreNotThereMayNot) {
  EXPECT_FALSE(find_not_applicable(plan, 0, state));
  state.hosts["t0"].phase = state.hosts["t1"].phase = HostPhase::failed;
  EXPECT_EQ(find_not_applicable(plan, 0, state), "not applicable, fewer than 5 hosts: 4 treated and 6 untreated");
  plan.holdback.clear();
  EXPECT_TRUE(find_not_applicable(plan, 0, begin(plan)));
}

TEST_F(ComparisonTest, ItIsLookedAtWhenTheSoakIsOverAndOnceInEachSoakMore) {
  const auto& known = state.rings[0];
  EXPECT_FALSE(last_look(plan, 0, known, look));
  EXPECT_EQ(last_look(plan, 0, known, look + 1s), look);
  EXPECT_EQ(last_look(plan, 0, known, look + soak), look);
  EXPECT_EQ(last_look(plan, 0, known, look + soak + 1s), look + soak);
  EXPECT_FALSE(last_look(plan, 0, {.begun = begun}, look + 1h)) << "nobody has applied it";
}

}  // namespace
}  // namespace suture::rollout
