#include "rollout/step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rollout/acts.h"
#include "rollout/take_back.h"
#include "rollout/testing/fleet.h"

namespace suture::rollout {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Fleet;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using testing::ring;
using ::testing::SizeIs;
using testing::small_plan;
using namespace std::chrono_literals;

TEST(Rollout, GoesThroughAllRingsInOrder) {
  Fleet fleet(small_plan());
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::finished);
  EXPECT_THAT(fleet.told(Direction::go), ElementsAre("c1", "w1", "w2", "w3"));
  EXPECT_THAT(fleet.told(Direction::back), IsEmpty());
}

TEST(Rollout, SoakCountsFromTheLastApplyOfTheRing) {
  auto plan = small_plan();
  plan.rings[0] = ring("canary", {"c1", "c2"}, 2);
  Fleet fleet(plan);
  fleet.manner["c2"].applies_after = 8;
  while (fleet.told(Direction::go).size() < 3) fleet.poll();
  // Told after the first poll, applied eight later, and ten minutes of soak from there.
  EXPECT_GE(fleet.polls, 1 + 8 + 10);
  EXPECT_EQ(fleet.level_of("c2"), 1);
}

TEST(Rollout, SoakIsNeverShorterThanPollAndTransition) {
  auto plan = small_plan();
  plan.rings[0].gate.soak = 0s;
  EXPECT_EQ(soak_of(plan, plan.rings[0]), 180s);
}

TEST(Rollout, SilentCanaryHoldsTheRingAndTakesNothingBack) {
  Fleet fleet(small_plan());
  for (int poll = 5; poll < 200; ++poll) fleet.manner["c1"].silent.insert(poll);
  const auto waits = fleet.run(100);
  EXPECT_EQ(fleet.state.phase, Phase::running);
  EXPECT_THAT(fleet.told(Direction::go), ElementsAre("c1"));
  EXPECT_THAT(fleet.told(Direction::back), IsEmpty());
  EXPECT_THAT(waits, Contains(HasSubstr("ring canary: 1 of 1 hosts are silent: c1")));
}

TEST(Rollout, HostThatDiesInTheLastMinuteOfTheSoakIsNotWell) {
  Fleet fleet(small_plan());
  for (int poll = 12; poll < 200; ++poll) fleet.manner["c1"].silent.insert(poll);
  fleet.run(14);
  EXPECT_THAT(fleet.told(Direction::go), ElementsAre("c1"));
}

TEST(Rollout, PartitionRevertsNothingAndTellsNobody) {
  Fleet fleet(small_plan());
  while (fleet.told(Direction::go).size() < 3) fleet.poll();
  fleet.partition = true;
  const auto waits = fleet.run(50);
  EXPECT_EQ(fleet.state.phase, Phase::running);
  EXPECT_THAT(fleet.told(Direction::back), IsEmpty());
  EXPECT_THAT(waits, Contains(HasSubstr("a partition, or trouble on this side")));
  fleet.partition = false;
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::finished);
}

TEST(Rollout, WorseCanaryFreezesItAndGoesBackAndNobodyElseIsTouched) {
  Fleet fleet(small_plan());
  fleet.manner["c1"].worse_after = 4;
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::taken_back);
  EXPECT_THAT(fleet.told(Direction::go), ElementsAre("c1"));
  EXPECT_THAT(fleet.told(Direction::back), ElementsAre("c1"));
  EXPECT_EQ(fleet.level_of("c1"), 0);
  EXPECT_THAT(fleet.state.reason, HasSubstr("worse"));
}

TEST(Rollout, BreachInALaterRingTakesBackThatRingFirst) {
  Fleet fleet(small_plan());
  fleet.manner["w2"].worse_after = 3;
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::taken_back);
  const auto back = fleet.told(Direction::back);
  EXPECT_EQ(back.back(), "c1");
  EXPECT_GE(back.size(), 3U);
}

TEST(Rollout, HostOfAPassedRingThatTurnsWorseLaterIsABreachToo) {
  Fleet fleet(small_plan());
  fleet.manner["c1"].worse_after = 14;  // wave-1 has begun by then
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::taken_back);
  EXPECT_THAT(fleet.told(Direction::go), Contains("w1"));
}

TEST(Rollout, FailuresThatTheGateAllowsAreNoBreach) {
  auto plan = small_plan();
  plan.rings[1].gate.failed_hosts = 1;
  plan.rings[1].gate.success_percent = 60;
  plan.rings[1].gate.loaded_percent = 60;
  Fleet fleet(plan);
  fleet.manner["w1"].fails = true;
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::finished);
  EXPECT_EQ(fleet.phase_of("w1"), HostPhase::failed);
}

TEST(Rollout, QuietCanaryProvesNothing) {
  Fleet fleet(small_plan());
  fleet.manner["c1"].idle = true;
  const auto waits = fleet.run(50);
  EXPECT_EQ(fleet.state.phase, Phase::running);
  EXPECT_THAT(waits, Contains(HasSubstr("0 of 1 hosts saw their minimum of load")));
}

TEST(Rollout, CheckWithoutDataHoldsAndNeverPasses) {
  for (const auto answer : {Answer::no_data, Answer::error, Answer::inconclusive}) {
    auto plan = small_plan();
    plan.rings[0].gate.checks = {"latency"};
    Fleet fleet(plan);
    for (int i = 0; i < 60; ++i) {
      fleet.answer_checks(answer);
      fleet.poll();
    }
    EXPECT_EQ(fleet.state.phase, Phase::running);
    EXPECT_THAT(fleet.told(Direction::go), ElementsAre("c1"));
    fleet.answer_checks(Answer::pass);
    fleet.poll();
    EXPECT_THAT(fleet.told(Direction::go), Contains("w1"));
  }
}

TEST(Rollout, CheckFromBeforeTheSoakEndedSaysNothing) {
  auto plan = small_plan();
  plan.rings[0].gate.checks = {"latency"};
  Fleet fleet(plan);
  fleet.answer_checks(Answer::pass);
  const auto waits = fleet.run(60);
  EXPECT_THAT(waits, Contains(HasSubstr("has not answered since the soak ended")));
}

TEST(Rollout, CheckThatFailsIsABreach) {
  auto plan = small_plan();
  plan.rings[0].gate.checks = {"latency"};
  Fleet fleet(plan);
  fleet.run(5);
  fleet.answer_checks(Answer::breach);
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::taken_back);
}

Plan compared_plan(bool not_applicable_passes) {
  auto plan = small_plan();
  plan.rings[0].gate.checks = {std::string(comparison_check)};
  plan.comparison = {.readings = {{"disk_latency_ms", 1}}, .not_applicable_passes = not_applicable_passes};
  return plan;
}

std::size_t times_said(const Fleet& fleet, const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(fleet.events, text, &Event::text));
}

const std::string too_few = "not applicable, fewer than 5 hosts: 1 treated and 2 untreated";

TEST(Rollout, TooFewHostsToCompareHoldUnlessThePlanLetsThemPass) {
  for (const bool passes : {false, true}) {
    Fleet fleet(compared_plan(passes));
    std::vector<std::string> waits;
    for (int i = 0; i < 60; ++i) {
      fleet.answer_checks(Answer::not_applicable, too_few);
      waits = fleet.poll().waits;
    }
    EXPECT_EQ(fleet.state.phase, passes ? Phase::finished : Phase::running);
    EXPECT_EQ(times_said(fleet, "comparison: " + too_few), 1U);
    EXPECT_EQ(fleet.state.rings[0].comparison, too_few);
    EXPECT_EQ(std::ranges::count(waits,
                                 "ring canary: check 'comparison' is " + too_few + "; the plan does not let that pass"),
              passes ? 0 : 1);
  }
}

TEST(Rollout, WhatTheComparisonSaidIsToldWithTheRingThatPassesByIt) {
  Fleet fleet(compared_plan(false));
  for (int i = 0; i < 60 && !fleet.state.rings[0].passed; ++i) {
    fleet.answer_checks(Answer::pass, "disk_latency_ms: no difference");
    fleet.poll();
  }
  EXPECT_EQ(times_said(fleet, "comparison: disk_latency_ms: no difference"), 1U);
}

TEST(Rollout, PersonLetsTheRingPass) {
  auto plan = small_plan();
  plan.rings[0].gate.by_hand = true;
  Fleet fleet(plan);
  fleet.run(50);
  EXPECT_THAT(fleet.told(Direction::go), ElementsAre("c1"));
  fleet.seen.passed_by_hand.insert("canary");
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::finished);
}

TEST(Rollout, OopsedHostIsLeftToAPersonAndTheOthersGoBack) {
  Fleet fleet(small_plan());
  fleet.manner["w1"].oopses_after = 2;
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::taken_back);
  EXPECT_EQ(fleet.phase_of("w1"), HostPhase::left);
  EXPECT_EQ(fleet.level_of("c1"), 0);
  EXPECT_THAT(fleet.told(Direction::back), ::testing::Not(Contains("w1")));
}

TEST(Rollout, HostWithoutAProvenWayBackIsLeftAndNamed) {
  auto plan = small_plan();
  plan.rings[0].hosts[0].ways_back.clear();
  Fleet fleet(plan);
  fleet.manner["c1"].worse_after = 2;
  fleet.run();
  EXPECT_EQ(fleet.phase_of("c1"), HostPhase::left);
  EXPECT_EQ(fleet.state.hosts.at("c1").note, "no way back is proven for it");
}

TEST(Rollout, RebootIsPlannedWhereItIsTheOnlyWayBack) {
  auto plan = small_plan();
  plan.rings[0].hosts[0].ways_back = {Way::reboot};
  plan.may_reboot = true;
  Fleet fleet(plan);
  fleet.manner["c1"].worse_after = 2;
  fleet.run();
  EXPECT_THAT(fleet.told(Direction::reboot_back), ElementsAre("c1"));
  EXPECT_EQ(fleet.state.phase, Phase::taken_back);
}

TEST(Rollout, DamagedHostIsRebootedWhereThePlanMay) {
  auto plan = small_plan();
  const Host host{.id = "c1", .ways_back = {Way::replace}};
  EXPECT_EQ(way_back(plan, host, true), std::nullopt);
  plan.may_reboot = true;
  EXPECT_EQ(way_back(plan, host, true), Direction::reboot_back);
  EXPECT_EQ(way_back(plan, host, false), Direction::back);
  EXPECT_EQ(way_back(plan, Host{.id = "c1"}, true), std::nullopt) << "nothing was proven to come back to";
}

TEST(Rollout, DamagedHostThatDoesNotRebootIsLeftWithItsOwnReason) {
  auto plan = small_plan();
  plan.may_reboot = true;
  auto state = begin(plan);
  state.phase = Phase::frozen;
  state.hosts["c1"] = {.phase = HostPhase::told_back, .order = 1, .treated = true, .reboots = true};
  const Time now{100h};
  const Report report{.at = now, .level = plan.level, .failed = true, .damaged = true, .answers = 1, .reason = "held"};
  const auto next = step(plan, state, {.hosts = {{"c1", report}}}, now);
  EXPECT_EQ(next.state.hosts.at("c1").phase, HostPhase::left);
  EXPECT_EQ(next.state.hosts.at("c1").note, "it did not reboot: held");
}

TEST(Rollout, TakingBackThatKillsTheFirstHostTouchesNoOther) {
  Fleet fleet(small_plan());
  for (const auto* id : {"w1", "w2", "w3", "c1"}) fleet.manner[id].dies_going_back = true;
  fleet.manner["w2"].worse_after = 3;
  const auto waits = fleet.run(100);
  EXPECT_EQ(fleet.state.phase, Phase::frozen);
  EXPECT_THAT(fleet.told(Direction::back), SizeIs(1));
  EXPECT_THAT(waits, Contains(HasSubstr("was told to go back and is silent")));
}

TEST(Rollout, TakingBackThatHarmsStopsAndGoesOnWhenAPersonSaysSo) {
  Fleet fleet(small_plan());
  fleet.manner["w2"].worse_after = 3;
  fleet.manner["w2"].fails_going_back = fleet.manner["w1"].fails_going_back = true;
  fleet.run(100);
  EXPECT_EQ(fleet.state.phase, Phase::stopped);
  while (fleet.state.phase == Phase::stopped) {
    ASSERT_TRUE(go_on(fleet.state));
    fleet.run(100);
  }
  EXPECT_EQ(fleet.state.phase, Phase::taken_back);
  EXPECT_EQ(fleet.level_of("c1"), 0);
}

TEST(Rollout, OrderThatNobodyBeganIsVoidOnceItIsFrozen) {
  Fleet fleet(small_plan());
  fleet.poll();
  ASSERT_TRUE(standing_order(fleet.plan, fleet.state, "c1"));
  ASSERT_TRUE(pause(fleet.state, "lunch"));
  EXPECT_FALSE(standing_order(fleet.plan, fleet.state, "c1"));
  ASSERT_TRUE(resume(fleet.state));
  EXPECT_EQ(standing_order(fleet.plan, fleet.state, "c1")->direction, Direction::go);
  ASSERT_TRUE(abort(fleet.state, "wrong level"));
  EXPECT_FALSE(standing_order(fleet.plan, fleet.state, "c1"));
  fleet.make_step();
  EXPECT_EQ(standing_order(fleet.plan, fleet.state, "c1")->direction, Direction::back);
}

TEST(Rollout, NothingStartsWhileItIsClosed) {
  Fleet fleet(small_plan());
  fleet.seen.closed = "outside of the window";
  EXPECT_THAT(fleet.run(5), Contains("outside of the window"));
  EXPECT_THAT(fleet.orders, IsEmpty());
  fleet.seen.closed.clear();
  fleet.seen.recalled = true;
  EXPECT_THAT(fleet.run(5), Contains("level 1 was recalled"));
  EXPECT_THAT(fleet.orders, IsEmpty());
}

TEST(Rollout, LevelsThatHaveNamesAreCalledByThem) {
  auto plan = small_plan();
  plan.names = {{0, "agent 0.1.0"}, {1, "agent 0.3.0"}};
  Fleet fleet(plan);
  fleet.manner["c1"].worse_after = 1;
  fleet.run();
  std::vector<std::string> texts;
  for (const auto& each : fleet.events) texts.push_back(each.text);
  EXPECT_THAT(texts, IsSupersetOf({"told to go to agent 0.3.0", "runs agent 0.3.0", "told to go back to agent 0.1.0"}));
  EXPECT_THAT(texts, Not(Contains(HasSubstr("level"))));
}

TEST(Rollout, RetriedHostAnswersItsNewOrder) {
  auto plan = small_plan();
  plan.rings[1].gate.failed_hosts = 1;
  Fleet fleet(plan);
  fleet.manner["w1"].fails = true;
  fleet.run(100);
  EXPECT_EQ(fleet.phase_of("w1"), HostPhase::failed);
  fleet.manner["w1"].fails = false;
  ASSERT_TRUE(retry(fleet.state, "w1"));
  fleet.run();
  EXPECT_EQ(fleet.state.phase, Phase::finished);
}

TEST(Rollout, LateHostEntersOnlyARingThatPassed) {
  Fleet fleet(small_plan());
  const Host late{.id = "c9", .before = 0, .ways_back = {Way::replace}};
  fleet.poll();
  EXPECT_FALSE(join(fleet.plan, fleet.state, "canary", late));
  while (!fleet.state.rings[0].passed) fleet.poll();
  ASSERT_TRUE(join(fleet.plan, fleet.state, "canary", late));
  fleet.seen.hosts["c9"] = {.at = fleet.now, .level = 0};
  fleet.make_step();
  EXPECT_THAT(fleet.told(Direction::go), Contains("c9"));
}

TEST(Rollout, ReportFromBeforeTheOrderSaysNothingOfIt) {
  auto plan = small_plan();
  plan.rings[1].gate.failed_hosts = 1;
  Fleet fleet(plan);
  fleet.manner["w1"].fails = true;
  while (fleet.phase_of("w1") != HostPhase::failed) fleet.poll();
  ASSERT_TRUE(retry(fleet.state, "w1"));
  fleet.make_step();
  // The last report of w1 still says that it failed, which answers the order before.
  fleet.make_step();
  EXPECT_EQ(fleet.phase_of("w1"), HostPhase::told);
}

TEST(Rollout, HostThatFallsSilentAfterItWentBackKeepsOthersFromGoing) {
  Fleet fleet(small_plan());
  fleet.manner["w2"].worse_after = 3;
  while (fleet.told(Direction::back).empty()) fleet.poll();
  const auto first = fleet.told(Direction::back).front();
  while (fleet.phase_of(first) != HostPhase::back) fleet.poll();
  // It dies before the others, told since, are back.
  for (int poll = fleet.polls + 1; poll < 300; ++poll) fleet.manner[first].silent.insert(poll);
  const auto second = fleet.told(Direction::back).back();
  fleet.manner[second].goes_back_after = 8;
  const auto waits = fleet.run(100);
  EXPECT_EQ(fleet.state.phase, Phase::frozen);
  EXPECT_THAT(fleet.told(Direction::back), SizeIs(2));
  EXPECT_THAT(waits, Contains("host " + first + " went back and is silent since"));
}

TEST(Rollout, PauseBetweenHostsIsKept) {
  auto plan = small_plan();
  plan.rings[0] = ring("canary", {"c1", "c2", "c3"}, 3);
  plan.rings[0].pause = 180s;
  Fleet fleet(plan);
  fleet.poll();
  EXPECT_THAT(fleet.told(Direction::go), SizeIs(1));
  fleet.run(2);
  EXPECT_THAT(fleet.told(Direction::go), SizeIs(1));
  fleet.poll();
  EXPECT_THAT(fleet.told(Direction::go), SizeIs(2));
}

TEST(Plan, WhatCannotBeMeantIsNamed) {
  EXPECT_TRUE(check(small_plan()));
  auto plan = small_plan();
  plan.rings[1].hosts.push_back(plan.rings[0].hosts[0]);
  EXPECT_THAT(check(plan).error().message(), HasSubstr("host 'c1' is in a ring already"));
  plan = small_plan();
  plan.silence = 10s;
  EXPECT_THAT(check(plan).error().message(), HasSubstr("silence: 10 s is shorter than poll"));
  plan = small_plan();
  plan.rings[0].gate.success_percent = 0;
  EXPECT_FALSE(check(plan));
  plan = small_plan();
  plan.comparison = {.readings = {{"disk_latency_ms", 1}}};
  EXPECT_TRUE(check(plan)) << check(plan).error().message();
  plan.comparison->readings.push_back({"disk_latency_ms", 2});
  EXPECT_THAT(check(plan).error().message(), HasSubstr("different names"));
  plan.comparison = {.readings = {}};
  EXPECT_FALSE(check(plan));
}

TEST(Plan, ComparisonThatCouldNeverTellAnythingFromChanceIsRefused) {
  auto plan = small_plan();
  plan.comparison = {.readings = {{"disk_latency_ms", 1}}, .fewest = 4};
  EXPECT_THAT(check(plan).error().message(),
              HasSubstr("4 hosts on either side could never tell anything from chance; it takes 5"));
  plan.comparison->readings.push_back({"io_pressure", 0.1});
  plan.comparison->fewest = 5;
  EXPECT_TRUE(check(plan));
  plan.comparison->readings.push_back({"run_queue", 1});
  EXPECT_FALSE(check(plan)) << "one of 252 ways is more than a third of one in a hundred";
}

}  // namespace
}  // namespace suture::rollout
