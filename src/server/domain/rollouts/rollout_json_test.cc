#include "server/domain/rollouts/rollout_json.h"

#include <gtest/gtest.h>

#include <functional>

namespace suture::server {
namespace {

Rollout compared() {
  Rollout rollout{.id = "0b3f", .name = "a fix", .author = "ada", .digest = {}};
  rollout.plan.comparison = {.readings = {{"disk_latency_ms", 0.5}}};
  rollout.plan.rings = {{.name = "wave", .hosts = {{.id = "a"}}}};
  rollout.state = begin(rollout.plan);
  return rollout;
}

TEST(RolloutJson, WhatIsStoredIsReadAsItWas) {
  auto rollout = compared();
  for (const bool has : {true, false}) {
    if (!has) rollout.plan.comparison.reset();
    const auto read = read_rollout(to_text(rollout));
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->plan, rollout.plan);
    EXPECT_EQ(read->state, rollout.state);
  }
}

TEST(RolloutJson, ApprovalsAreBoundToTheAgentsReleaseAndItsPackage) {
  auto rollout = compared();
  rollout.agent = "0.3.0";
  rollout.agents = {{.release = 3, .version = "0.3.0", .sha256 = std::string(64, 'a')}};
  rollout.plan.names = {{3, "agent 0.3.0"}};
  const auto read = read_rollout(to_text(rollout));
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_EQ(read->agent, rollout.agent);
  EXPECT_EQ(read->agents, rollout.agents);
  EXPECT_EQ(read->plan, rollout.plan);
  auto other = rollout;
  other.agents[0].sha256[0] = 'b';
  EXPECT_NE(plan_digest(other), plan_digest(rollout));
  other = rollout;
  other.agent = "0.2.0";
  EXPECT_NE(plan_digest(other), plan_digest(rollout));
}

TEST(RolloutJson, ApprovalsAreBoundToEveryPartOfTheComparison) {
  const auto approved = plan_digest(compared());
  const std::vector<std::function<void(rollout::Comparison&)>> changes{
      [](auto& it) { it.readings[0].name = "io_pressure"; },
      [](auto& it) { it.readings[0].tolerated = 0.6; },
      [](auto& it) {
        it.readings.push_back({"io_pressure", 0});
      },
      [](auto& it) { it.fewest = 6; },
      [](auto& it) { it.false_alarm = 0.02; },
      [](auto& it) { it.not_applicable_passes = true; }};
  for (const auto& change : changes) {
    auto other = compared();
    change(*other.plan.comparison);
    EXPECT_NE(plan_digest(other), approved);
  }
  auto without = compared();
  without.plan.comparison.reset();
  EXPECT_NE(plan_digest(without), approved);
}

}  // namespace
}  // namespace suture::server
