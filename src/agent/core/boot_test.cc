#include "agent/core/boot.h"

#include <gtest/gtest.h>

#include "agent/core/engine.h"
#include "agent/testing/fake_world.h"

namespace suture::agent {
namespace {

using testing::FakeAgent;
using testing::FakeHost;
using testing::level;
using testing::set;
using testing::Settings;

FakeHost host_with(const std::vector<Plan>& plans) {
  FakeHost host{.settings = {{"a", "old"}, {"b", "old"}}, .defaults = {{"a", "old"}, {"b", "old"}}};
  for (const auto& plan : plans) {
    FakeAgent agent(host);
    EXPECT_EQ(Engine(agent.world).carry_out(plan)->end, State::committed);
  }
  host.reboot();
  return host;
}

BootReport boot(FakeHost& host, const std::vector<std::string>& evidence = {}) {
  FakeAgent agent(host);
  EXPECT_TRUE(Engine(agent.world).recover());
  return *apply_at_boot(agent.world, evidence);
}

TEST(Boot, PlainPowerCutBringsBackWhatIsCommitted) {
  auto host = host_with({level(1, {set("a", "1"), set("b", "1")})});
  const auto report = boot(host);
  EXPECT_EQ(report.applied, std::vector<std::string>{"level 1"});
  EXPECT_EQ(host.settings, (Settings{{"a", "1"}, {"b", "1"}}));
  EXPECT_TRUE(boot(host).was_done);
}

TEST(Boot, LevelOfAnotherKernelWaitsForIt) {
  auto other = level(1, {set("a", "1")});
  other.kernel = "another kernel";
  auto host = host_with({other});
  EXPECT_EQ(boot(host).applied, std::vector<std::string>{});
  EXPECT_EQ(host.settings["a"], "old");
  FakeAgent agent(host);
  agent.world.kernel = "another kernel";
  agent.world.boot = "another boot";
  ASSERT_TRUE(apply_at_boot(agent.world, {}));
  EXPECT_EQ(host.settings["a"], "1");
}

TEST(Boot, KernelThatCannotBeToldGetsNothingAndIsAskedAgain) {
  auto its = level(1, {set("a", "1")});
  its.kernel = "this kernel";
  auto host = host_with({its});
  {
    FakeAgent agent(host);
    agent.world.kernel = "";
    EXPECT_FALSE(apply_at_boot(agent.world, {}));
  }
  EXPECT_EQ(host.settings["a"], "old");
  EXPECT_EQ(boot(host).applied, std::vector<std::string>{"level 1"});
}

TEST(Boot, HostThatDiesAtBootKeepsTheLevelsOfOtherKernels) {
  auto other = level(1, {set("a", "1")});
  other.kernel = "another kernel";
  auto host = host_with({other, level(2, {set("b", "2")})});
  for (std::size_t moment = 0; moment < 20; ++moment) {
    auto dying = host;
    dying.moments = 0;
    dying.kill_at = moment;
    try {
      FakeAgent agent(dying);
      (void)apply_at_boot(agent.world, {});
      break;
    } catch (const testing::Killed&) {
      dying.kill_at.reset();
    }
    dying.reboot();
    for (const auto& each : boot(dying).held) EXPECT_EQ(each.subject, "level 2") << moment;
  }
}

TEST(Boot, AppliesOnlyTheHighestLevel) {
  auto host = host_with({level(1, {set("a", "1")}), level(2, {set("a", "2")})});
  host.actions.clear();
  boot(host);
  EXPECT_EQ(host.actions, std::vector<std::string>{"a=2"});
}

TEST(Boot, AfterARebootALevelStillGoesBackToTheOneBelow) {
  auto host = host_with({level(1, {set("a", "1")}), level(2, {set("a", "2")})});
  boot(host);
  FakeAgent agent(host);
  EXPECT_EQ(Engine(agent.world).undo("asked")->end, State::undone);
  EXPECT_EQ(host.settings["a"], "1");
  EXPECT_EQ(Engine(agent.world).undo("asked")->end, State::undone);
  EXPECT_EQ(host.settings["a"], "old");
}

TEST(Boot, UndoRestoresWhatThisBootBrought) {
  auto host = host_with({level(1, {set("a", "1")})});
  host.settings["a"] = "from sysctl.d";
  boot(host);
  FakeAgent agent(host);
  EXPECT_EQ(Engine(agent.world).undo("asked")->end, State::undone);
  EXPECT_EQ(host.settings["a"], "from sysctl.d");
}

TEST(Boot, CrashThatNamesALevelHoldsItAndKeepsTheOneBelow) {
  auto host = host_with({level(1, {set("a", "1")}), level(2, {set("a", "2"), set("b", "2")})});
  const auto report = boot(host, {"BUG: kernel NULL pointer dereference\nRIP: 0010:symbol_of_b+0x12/0x40"});
  ASSERT_EQ(report.held.size(), 1U);
  EXPECT_EQ(report.held[0].subject, "level 2");
  EXPECT_EQ(host.settings, (Settings{{"a", "1"}, {"b", "old"}}));
}

TEST(Boot, CrashThatNamesSomethingElseHoldsNothing) {
  auto host = host_with({level(1, {set("a", "1")})});
  EXPECT_TRUE(boot(host, {"RIP: 0010:not_symbol_of_a_at_all+0x12/0x40"}).held.empty());
  EXPECT_EQ(host.settings["a"], "1");
}

TEST(Boot, LevelThatKillsTheHostAtBootIsHeldAtTheNext) {
  auto host = host_with({level(1, {set("a", "1")})});
  // The moments of the first write are three; then the step's begin.
  bool was_killed_while_applying = false;
  for (std::size_t moment = 0; moment < 20; ++moment) {
    auto dying = host;
    dying.moments = 0;
    dying.kill_at = moment;
    try {
      FakeAgent agent(dying);
      (void)apply_at_boot(agent.world, {});
      break;
    } catch (const testing::Killed&) {
      dying.kill_at.reset();
    }
    const bool applied = dying.settings["a"] == "1";
    dying.reboot();
    const auto report = boot(dying);
    if (!applied) continue;
    was_killed_while_applying = true;
    const bool ended = report.held.empty();
    EXPECT_EQ(dying.settings["a"], ended ? "1" : "old");
  }
  EXPECT_TRUE(was_killed_while_applying);
}

TEST(Boot, StepThatFailsTakesItsLevelBackAndNoOther) {
  auto host = host_with({level(1, {set("a", "1")}), level(2, {set("a", "2"), set("b", "2")})});
  host.broken = {"b"};
  const auto report = boot(host);
  ASSERT_EQ(report.held.size(), 1U);
  EXPECT_EQ(host.settings, (Settings{{"a", "1"}, {"b", "old"}}));
  EXPECT_EQ(report.applied, std::vector<std::string>{"level 1"});
}

TEST(Boot, StepWhoseStateCannotBeReadIsHeldWithWhatKeepsItFromBeingRead) {
  auto host = host_with({level(1, {set("a", "1")})});
  host.hidden = {"a"};
  const auto report = boot(host);
  ASSERT_EQ(report.held.size(), 1U);
  EXPECT_TRUE(report.held[0].reason.ends_with("a cannot be read")) << report.held[0].reason;
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_TRUE(report.problems[0].ends_with("was not undone: a cannot be read")) << report.problems[0];
}

}  // namespace
}  // namespace suture::agent
