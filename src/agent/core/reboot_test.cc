#include "agent/core/reboot.h"

#include <gtest/gtest.h>

#include "agent/core/boot.h"
#include "agent/core/engine.h"
#include "agent/history/compact.h"
#include "agent/testing/fake_world.h"

namespace suture::agent {
namespace {

using testing::FakeAgent;
using testing::FakeHost;
using testing::history_of;
using testing::level;
using testing::set;
using testing::Settings;

const Settings level_0{{"a", "old"}, {"b", "old"}};
const Settings level_1{{"a", "1"}, {"b", "old"}};
const Settings level_2{{"a", "2"}, {"b", "2"}};

/// Level 1, and level 2 over it, whose second step may be what the kernel oopses of.
FakeHost host_with_two(std::set<std::string> oopsing = {}) {
  FakeHost host{.settings = level_0, .defaults = level_0};
  host.oopsing = std::move(oopsing);
  for (const auto& plan : {level(1, {set("a", "1")}), level(2, {set("a", "2"), set("b", "2")})}) {
    FakeAgent agent(host);
    (void)Engine(agent.world).carry_out(plan);
  }
  host.moments = 0;
  return host;
}

void announce(FakeHost& host, std::size_t stay) {
  FakeAgent agent(host);
  ASSERT_TRUE(announce_reboot(agent.world, history_of(agent), stay, "told so"));
}

std::optional<Outcome> come_up(FakeHost& host) {
  FakeAgent agent(host);
  auto outcome = *Engine(agent.world).recover();
  EXPECT_TRUE(apply_at_boot(agent.world, {}));
  return outcome;
}

TEST(PlannedReboot, BringsTheLevelBelowBackAndHoldsNothing) {
  auto host = host_with_two();
  announce(host, 1);
  host.reboot();
  EXPECT_EQ(come_up(host)->reason, "told so");
  EXPECT_EQ(host.settings, level_1);
  FakeAgent agent(host);
  EXPECT_TRUE(history_of(agent).holds.empty()) << "it may be told to go there again";
  EXPECT_FALSE(history_of(agent).reboot);
}

TEST(PlannedReboot, GoesBackOverSeveralLevels) {
  auto host = host_with_two();
  announce(host, 0);
  host.reboot();
  come_up(host);
  EXPECT_EQ(host.settings, level_0);
}

TEST(PlannedReboot, EndsWhatAnOopsLeftStuckAndHoldsIt) {
  auto host = host_with_two({"b=2"});
  {
    FakeAgent agent(host);
    ASSERT_EQ(history_of(agent).plans.back().phase, Phase::stuck);
  }
  announce(host, 1);
  host.reboot();
  come_up(host);
  EXPECT_EQ(host.settings, level_1);
  FakeAgent agent(host);
  EXPECT_TRUE(history_of(agent).holds.contains("level 2"));
}

TEST(PlannedReboot, ThatDoesNotComeAboutChangesNothing) {
  auto host = host_with_two();
  announce(host, 1);
  {
    FakeAgent agent(host);
    EXPECT_TRUE(is_to_reboot(agent.world, history_of(agent)));
    ASSERT_TRUE(cancel_reboot(agent.world, "systemd would not"));
    EXPECT_FALSE(is_to_reboot(agent.world, history_of(agent)));
  }
  host.reboot();
  come_up(host);
  EXPECT_EQ(host.settings, level_2);
}

TEST(PlannedReboot, KeepsAnythingNewFromBeginning) {
  auto host = host_with_two();
  announce(host, 1);
  FakeAgent agent(host);
  EXPECT_EQ(Engine(agent.world).carry_out(level(3, {set("a", "3")}))->code, "rebooting");
}

TEST(PlannedReboot, IsAskedForOnceAndNotAgainInTheNextBoot) {
  auto host = host_with_two();
  announce(host, 1);
  host.reboot();
  FakeAgent agent(host);
  EXPECT_FALSE(is_to_reboot(agent.world, history_of(agent)));
}

TEST(PlannedReboot, OutlivesAJournalThatIsMadeSmaller) {
  auto host = host_with_two();
  announce(host, 1);
  FakeAgent agent(host);
  auto entries = agent.world.journal.entries();
  EXPECT_TRUE(replay(compact(entries))->reboot);
  entries.push_back({.kind = EntryKind::reboot_over});
  EXPECT_FALSE(replay(compact(entries))->reboot);
  EXPECT_EQ(replay(compact(entries))->plans.size(), 2U);
}

// The power goes at every moment of the announcement, and at every moment of the boot after it.
TEST(PlannedReboot, GoesAllTheWayOrDoesNotBeginWhereverThePowerGoes) {
  for (std::size_t first = 0; first < 10; ++first) {
    for (std::size_t second = 0; second < 60; ++second) {
      auto host = host_with_two();
      host.kill_at = first;
      try {
        announce(host, 1);
      } catch (const testing::Killed&) {
      }
      host.reboot();
      host.kill_at = second;
      host.moments = 0;
      try {
        come_up(host);
      } catch (const testing::Killed&) {
        host.reboot();
      }
      host.kill_at.reset();
      come_up(host);
      FakeAgent agent(host);
      const auto history = history_of(agent);
      ASSERT_FALSE(history.reboot) << first << " " << second;
      ASSERT_EQ(history.unfinished(), nullptr) << first << " " << second;
      const auto& expected = history.plans.empty() ? level_0 : history.plans.size() == 1 ? level_1 : level_2;
      ASSERT_EQ(host.settings, expected) << first << " " << second;
      // Two stay only if the announcement was never whole on the disk.
      ASSERT_TRUE(first < 3 || history.plans.size() < 2) << first << " " << second;
    }
  }
}

}  // namespace
}  // namespace suture::agent
