#include "agent/levels/level_plan.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

trust::Manifest level_2() {
  return {.release = "6.1.0-53-amd64",
          .build_id = "b1",
          .level = 2,
          .name = "second",
          .objects = {{.name = "vmlinux", .build_id = "b1", .functions = {{"f", 0}, {"g", 0}}}},
          .edges = {{1, 2, "replace"}, {2, 1, "disable-and-load"}, {0, 2, "replace"}, {2, 0, "disable-and-load"}}};
}
const LevelFile first{1, "first", "/1.ko", "aa"};
const LevelFile second{2, "second", "/2.ko", "bb"};

TEST(LevelPlan, ReplacesTheLevelInForceAndKnowsTheWayBack) {
  const auto plan = *plan_for_level(level_2(), second, first, "id");
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.subject, "6.1.0-53-amd64 level 2");
  EXPECT_EQ(plan.steps[0].parameters.at("from_file"), "/1.ko");
  EXPECT_EQ(plan.steps[0].parameters.at("back"), "disable-and-load");
  EXPECT_EQ(plan.steps[0].parameters.at("functions"), "f g");
}

TEST(LevelPlan, FirstLevelIsDisabledOnTheWayBack) {
  const auto plan = *plan_for_level(level_2(), second, std::nullopt, "id");
  EXPECT_EQ(plan.steps[0].parameters.at("back"), "disable");
}

TEST(LevelPlan, GoesNowhereWithoutAProvenEdge) {
  auto manifest = level_2();
  manifest.edges = {{2, 1, "replace"}};
  const auto plan = plan_for_level(manifest, second, first, "id");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().describe(), "no way from level 1 to level 2 was proven but a reboot");
}

TEST(LevelPlan, WayBackThatWasNotProvenIsAReboot) {
  auto manifest = level_2();
  manifest.edges = {{1, 2, "replace"}};
  EXPECT_EQ(plan_for_level(manifest, second, first, "id")->steps[0].parameters.at("back"), "reboot");
}

TEST(LevelPlan, DisablesAndLoadsInTwoStepsWhereReplacingWasNotProven) {
  auto manifest = level_2();
  manifest.edges = {{1, 2, "disable-and-load"}, {2, 1, "disable-and-load"}};
  const auto plan = *plan_for_level(manifest, second, first, "id");
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_EQ(plan.steps[0].parameters.at("to"), "none");
  EXPECT_EQ(plan.steps[0].parameters.at("back"), "load");
  EXPECT_EQ(plan.steps[1].parameters.at("from"), "none");
}

TEST(LevelPlan, LevelInForceIsTheHighestOfThisKernel) {
  const auto plan = *plan_for_level(level_2(), second, first, "id");
  History history;
  history.plans.push_back({.plan = plan, .phase = Phase::committed});
  EXPECT_EQ(level_in_force(history, "b1")->level, 2U);
  EXPECT_FALSE(level_in_force(history, "another"));
}

PlanRecord in_force(std::uint32_t level, const std::string& kernel = "b1") {
  auto manifest = level_2();
  manifest.level = level;
  manifest.build_id = kernel;
  manifest.edges = {{0, level, "replace"}};
  return {.plan = *plan_for_level(manifest, {level, "it", "/it.ko", "aa"}, std::nullopt, std::to_string(level))};
}

TEST(PlansUpTo, AreThoseOfTheLevelAndBelow) {
  const History history{.plans = {in_force(1), in_force(2), in_force(3)}};
  EXPECT_EQ(*plans_up_to(history, "b1", 3), 3U);
  EXPECT_EQ(*plans_up_to(history, "b1", 1), 1U);
  EXPECT_EQ(*plans_up_to(history, "b1", 0), 0U);
}

TEST(PlansUpTo, NameWhatCameInBetween) {
  History history{.plans = {in_force(1), in_force(2)}};
  history.plans.push_back({.plan = {.subject = "local sysctls", .steps = {{"sysctl", {}}}}});
  EXPECT_EQ(*plans_up_to(history, "b1", 2), 3U);
  EXPECT_EQ(plans_up_to(history, "b1", 1).error().describe(),
            "local sysctls came after level 2, and is taken back first");
  history.plans.back() = in_force(4, "another");
  EXPECT_FALSE(plans_up_to(history, "b1", 1)) << "another kernel would lose its level with this one";
}

TEST(PlansUpTo, GoNowhereButDown) {
  const History history{.plans = {in_force(1), in_force(3)}};
  EXPECT_FALSE(plans_up_to(history, "b1", 4));
  EXPECT_FALSE(plans_up_to(history, "b1", 2)) << "it was never in force";
}

}  // namespace
}  // namespace suture::agent
