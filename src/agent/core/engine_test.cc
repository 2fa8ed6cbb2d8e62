#include "agent/core/engine.h"

#include <gtest/gtest.h>

#include "agent/core/boot.h"
#include "agent/testing/fake_world.h"

namespace suture::agent {
namespace {

using testing::FakeAgent;
using testing::FakeHost;
using testing::history_of;
using testing::set;
using testing::Settings;

const Settings before{{"a", "old"}, {"b", "old"}};
const Settings after{{"a", "new"}, {"b", "new"}};

FakeHost host() { return {.settings = before, .defaults = before}; }
Plan plan() { return {.id = "1", .subject = "level 1", .steps = {set("a", "new"), set("b", "new")}}; }

Outcome carry_out(FakeHost& host, const Plan& plan) {
  FakeAgent agent(host);
  return *Engine(agent.world).carry_out(plan);
}

TEST(Engine, WellHostKeepsThePlan) {
  auto host_ = host();
  EXPECT_EQ(carry_out(host_, plan()).end, State::committed);
  EXPECT_EQ(host_.settings, after);
  FakeAgent agent(host_);
  EXPECT_EQ(history_of(agent).plans.at(0).phase, Phase::committed);
}

TEST(Engine, WorseHostGetsEverythingBackInReverse) {
  auto host_ = host();
  host_.health = Judgement::worse;
  const auto outcome = carry_out(host_, plan());
  EXPECT_EQ(outcome.end, State::undone);
  EXPECT_EQ(outcome.code, "worse");
  EXPECT_EQ(host_.settings, before);
  EXPECT_EQ(host_.actions, (std::vector<std::string>{"a=new", "b=new", "b=old", "a=old"}));
}

TEST(Engine, WhatFailedOnceIsHeld) {
  auto host_ = host();
  host_.broken = {"b"};
  EXPECT_EQ(carry_out(host_, plan()).end, State::undone);
  EXPECT_EQ(host_.settings, before);
  auto again = plan();
  again.id = "2";
  const auto outcome = carry_out(host_, again);
  EXPECT_EQ(outcome.end, State::refused);
  EXPECT_EQ(outcome.code, "held");
  EXPECT_EQ(outcome.reason, "b refuses");
}

TEST(Engine, UndoOnAKernelThatCannotBeToldLooksAtWhatIsThere) {
  auto host_ = host();
  auto its = plan();
  its.kernel = "this kernel";
  EXPECT_EQ(carry_out(host_, its).end, State::committed);
  FakeAgent agent(host_);
  agent.world.kernel = "";
  EXPECT_EQ(Engine(agent.world).undo("asked")->end, State::undone);
  EXPECT_EQ(host_.settings, before);
}

TEST(Engine, StalledTransitionNamesItsTasksAndGoesBack) {
  auto host_ = host();
  host_.slow = {"b"};
  const auto outcome = carry_out(host_, plan());
  EXPECT_EQ(outcome.end, State::undone);
  EXPECT_EQ(outcome.code, "stalled");
  ASSERT_EQ(outcome.blocking.size(), 1U);
  EXPECT_EQ(outcome.blocking[0].name, "sleeper");
  EXPECT_EQ(host_.settings, before);
}

TEST(Engine, StepWhoseStateCannotBeReadSaysWhatKeepsItFromBeingRead) {
  auto host_ = host();
  host_.hidden = {"b"};
  EXPECT_NE(carry_out(host_, plan()).reason.find("b cannot be read"), std::string::npos);
}

TEST(Engine, NothingMoreIsTouchedAfterAnOops) {
  auto host_ = host();
  host_.oopsing = {"a=new"};
  const auto outcome = carry_out(host_, plan());
  EXPECT_EQ(outcome.end, State::stuck);
  EXPECT_EQ(outcome.code, "oops");
  EXPECT_EQ(host_.actions, (std::vector<std::string>{"a=new"}));
  FakeAgent agent(host_);
  EXPECT_EQ((*Engine(agent.world).recover())->end, State::stuck);
  EXPECT_EQ(Engine(agent.world).undo("asked")->end, State::stuck);
  EXPECT_EQ(host_.actions.size(), 1U);
}

TEST(Engine, AnOopsIsAnsweredByGoingBackIfTheOperatorWantsThat) {
  auto host_ = host();
  host_.oopsing = {"b=new"};
  FakeAgent agent(host_);
  agent.world.policy.revert_after_oops = true;
  const auto outcome = *Engine(agent.world).carry_out(plan());
  EXPECT_EQ(outcome.end, State::undone);
  EXPECT_EQ(outcome.code, "oops");
  EXPECT_EQ(host_.settings, before);
}

TEST(Engine, ASecondOopsEndsTheWayBack) {
  auto host_ = host();
  host_.oopsing = {"b=new", "b=old"};
  FakeAgent agent(host_);
  agent.world.policy.revert_after_oops = true;
  const auto outcome = *Engine(agent.world).carry_out(plan());
  EXPECT_EQ(outcome.end, State::stuck);
  EXPECT_EQ(outcome.code, "oops");
  EXPECT_EQ(host_.settings, (Settings{{"a", "new"}, {"b", "old"}}));
  FakeAgent next(host_);
  next.world.policy.revert_after_oops = true;
  EXPECT_EQ((*Engine(next.world).recover())->end, State::stuck);
  EXPECT_EQ(host_.settings.at("a"), "new");
}

TEST(Engine, WhatTurnsOutWorseAfterItsCommitIsTakenBackAndHeld) {
  auto host_ = host();
  carry_out(host_, plan());
  FakeAgent agent(host_);
  const auto outcome = *Engine(agent.world).take_back("1", "kernel log: warning");
  EXPECT_EQ(outcome.end, State::undone);
  EXPECT_EQ(outcome.code, "worse");
  EXPECT_EQ(host_.settings, before);
  EXPECT_EQ(history_of(agent).holds.at("level 1").reason, "kernel log: warning");
  EXPECT_FALSE(Engine(agent.world).take_back("1", "again")) << "it is not in force any more";
}

TEST(Engine, AnAgentKilledAtAnyMomentWhileItTakesBackLeavesAllInForceOrNothing) {
  for (std::size_t moment = 0;; ++moment) {
    auto host_ = host();
    carry_out(host_, plan());
    host_.moments = 0;
    host_.kill_at = moment;
    bool killed = false;
    try {
      FakeAgent agent(host_);
      static_cast<void>(Engine(agent.world).take_back("1", "worse"));
    } catch (const testing::Killed&) {
      killed = true;
    }
    host_.kill_at.reset();
    FakeAgent next(host_);
    static_cast<void>(Engine(next.world).recover());
    const auto history = history_of(next);
    EXPECT_EQ(host_.settings, history.plans.empty() ? before : after) << moment;
    EXPECT_TRUE(!history.plans.empty() || history.holds.contains("level 1")) << moment;
    if (!killed) break;
  }
}

TEST(Engine, AfterAnOopsWhatTurnsOutWorseStaysUnlessThePolicyIsToRevert) {
  for (const bool reverts : {false, true}) {
    auto host_ = host();
    carry_out(host_, plan());
    host_.oopses = 1;
    FakeAgent agent(host_);
    agent.world.policy.revert_after_oops = reverts;
    EXPECT_EQ(Engine(agent.world).take_back("1", "kernel log: oops")->end, reverts ? State::undone : State::stuck);
    EXPECT_EQ(host_.settings, reverts ? before : after);
  }
}

TEST(Engine, ValueThatSomebodyElseChangedIsNotOverwritten) {
  auto host_ = host();
  ASSERT_EQ(carry_out(host_, plan()).end, State::committed);
  host_.settings["a"] = "theirs";
  FakeAgent agent(host_);
  const auto outcome = *Engine(agent.world).undo("asked");
  EXPECT_EQ(outcome.end, State::stuck);
  EXPECT_EQ(outcome.code, "conflict");
  EXPECT_EQ(host_.settings, (Settings{{"a", "theirs"}, {"b", "old"}}));
}

TEST(Engine, AServiceThatDiedDoesNotKeepTheRestInForce) {
  auto host_ = host();
  auto checking = plan();
  checking.steps.push_back({"check", {{"name", "service"}, {"value", "active"}}});
  host_.settings["service"] = "active";
  ASSERT_EQ(carry_out(host_, checking).end, State::committed);
  host_.settings["service"] = "failed";
  FakeAgent agent(host_);
  const auto outcome = *Engine(agent.world).undo("asked");
  EXPECT_EQ(outcome.end, State::undone) << outcome.reason;
  EXPECT_EQ(host_.settings, (Settings{{"a", "old"}, {"b", "old"}, {"service", "failed"}}));
}

TEST(Engine, UnknownStepRefusesTheWholePlan) {
  auto host_ = host();
  auto unknown = plan();
  unknown.steps.push_back({"format-disk", {}});
  FakeAgent agent(host_);
  EXPECT_FALSE(Engine(agent.world).carry_out(unknown));
  EXPECT_TRUE(host_.actions.empty());
  EXPECT_TRUE(host_.disk.empty());
}

TEST(Engine, UnknownHealthIsWaitedForAndThenUndone) {
  auto host_ = host();
  host_.health = Judgement::unknown;
  const auto outcome = carry_out(host_, plan());
  EXPECT_EQ(outcome.end, State::undone);
  EXPECT_EQ(outcome.code, "undecided");
  EXPECT_GE(host_.milliseconds, 1'800'000);
}

TEST(Engine, RevertGoesBackOnePlan) {
  auto host_ = host();
  ASSERT_EQ(carry_out(host_, plan()).end, State::committed);
  ASSERT_EQ(carry_out(host_, {.id = "2", .subject = "level 2", .steps = {set("a", "newer")}}).end, State::committed);
  FakeAgent agent(host_);
  EXPECT_EQ(Engine(agent.world).undo("asked")->end, State::undone);
  EXPECT_EQ(host_.settings, after);
  EXPECT_TRUE(history_of(agent).holds.empty()) << "what a person takes back is not held";
}

// The kill matrix: an agent that is killed, or a host that loses power, at every moment of a plan, and once
// more at every moment of what it does about it.

using Work = std::function<void(Engine&)>;

struct Scenario {
  const char* name;
  std::function<void(FakeHost&)> prepare;  ///< runs before anything is killed
  Work work;
  Settings if_over;  ///< settings once the plan is over, whatever became of it, if it is not committed
};

// Ends at the first agent that lives to its end. Returns whether anything was killed.
bool live(FakeHost& host, bool power, const std::function<void(FakeAgent&)>& work) {
  try {
    FakeAgent agent(host);
    work(agent);
    return false;
  } catch (const testing::Killed&) {
    if (power) host.reboot();
    return true;
  }
}

void begin_again(FakeAgent& agent) {
  ASSERT_TRUE(Engine(agent.world).recover());
  ASSERT_TRUE(apply_at_boot(agent.world, {}));
}

void expect_consistent(FakeHost& host, const std::string& where) {
  FakeAgent agent(host);
  const auto history = history_of(agent);
  EXPECT_EQ(history.unfinished(), nullptr) << where;
  Settings expected = host.defaults;
  for (const auto& each : history.plans)
    for (const auto& step : each.plan.steps) expected[step.parameters.at("name")] = step.parameters.at("value");
  EXPECT_EQ(host.settings, expected) << where;
}

std::vector<Scenario> scenarios() {
  const auto nothing = [](FakeHost&) {};
  const auto carry = [](Engine& engine) { (void)engine.carry_out(plan()); };
  return {
      {"a plan that ends well", nothing, carry, before},
      {"a plan that makes the host worse", [](FakeHost& host) { host.health = Judgement::worse; }, carry, before},
      {"a plan whose second step fails", [](FakeHost& host) { host.broken = {"b"}; }, carry, before},
      {"a plan that stalls", [](FakeHost& host) { host.slow = {"b"}; }, carry, before},
      {"a revert", [](FakeHost& host) { (void)carry_out(host, plan()); },
       [](Engine& engine) { (void)engine.undo("asked"); }, before},
  };
}

TEST(KillMatrix, EndsConsistentWhereverItIsKilledOnceAndTwice) {
  std::size_t kills = 0;
  for (const auto& scenario : scenarios()) {
    for (const bool power : {false, true}) {
      for (std::size_t first = 0;; ++first) {
        bool killed = false;
        for (std::size_t second = 0;; ++second) {
          auto host_ = host();
          scenario.prepare(host_);
          // The first boot has ended; only what follows is killed.
          live(host_, false, [](FakeAgent& agent) { begin_again(agent); });
          host_.moments = 0;
          host_.kill_at = first;
          killed = live(host_, power, [&](FakeAgent& agent) {
            Engine engine(agent.world);
            scenario.work(engine);
          });
          host_.moments = 0;
          host_.kill_at = second;
          const bool killed_again = killed && live(host_, power, begin_again);
          host_.kill_at.reset();
          live(host_, false, begin_again);
          expect_consistent(
              host_, fmt::format("{}, {} at {} and {}", scenario.name, power ? "power lost" : "killed", first, second));
          kills += killed_again ? 2 : 1;
          if (!killed_again || HasFailure()) break;
        }
        if (!killed || HasFailure()) break;
      }
    }
  }
  RecordProperty("kills", static_cast<int>(kills));
  EXPECT_GT(kills, 1000U);
}

TEST(KillMatrix, WhatWasBeingAppliedWhenTheHostWentDownIsHeld) {
  for (std::size_t moment = 0;; ++moment) {
    auto host_ = host();
    host_.kill_at = moment;
    const bool killed = live(host_, true, [](FakeAgent& agent) { (void)Engine(agent.world).carry_out(plan()); });
    host_.kill_at.reset();
    live(host_, false, begin_again);
    FakeAgent agent(host_);
    const auto history = history_of(agent);
    const bool announced = std::any_of(agent.world.journal.entries().begin(), agent.world.journal.entries().end(),
                                       [](const Entry& each) { return each.kind == EntryKind::intent; });
    EXPECT_EQ(history.holds.contains("level 1"), announced && history.plans.empty()) << moment;
    if (!killed) break;
  }
}

}  // namespace
}  // namespace suture::agent
