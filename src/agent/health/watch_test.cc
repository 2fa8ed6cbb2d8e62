#include "agent/health/watch.h"

#include <gtest/gtest.h>

#include "agent/health/series_text.h"
#include "base/file.h"

namespace suture::agent {
namespace {

const std::string warning_in_ours =
    "4,200,2000000,-;WARNING: CPU: 0 PID: 7 at net/x.c:5 tcp_ack+0x1/0x2 [level_2]\n"
    "4,201,2000001,-;Call Trace:\n";

PlanRecord level(std::string id, std::string module, std::uint64_t log) {
  PlanRecord record{
      .plan = {.id = id, .subject = module, .kernel = "this kernel"}, .phase = Phase::committed, .boot = "boot"};
  record.plan.steps = {{"livepatch", {{"to", std::move(module)}, {"functions", "tcp_ack"}}}};
  record.baseline = to_text(Baseline{.log = log, .probes = {{"passed", true}, {"failed", false}}});
  return record;
}

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    EXPECT_TRUE(make_directories(directory_.path() / "dev"));
    log("");
    history_.plans = {level("1", "level_2", 150)};
    history_.last = LastEnd{.subject = "level_2", .what = "committed"};
  }
  void log(const std::string& text) { EXPECT_TRUE(write_text(directory_.path() / "dev/kmsg", text)); }
  Watch watch(const std::string& boot = "boot") {
    return {root_, probes_, history_, *plan_to_watch(history_, "this kernel"), boot};
  }

  TempDir directory_ = TempDir::make().value();
  host::Root root_{directory_.path()};
  std::vector<Probe> probes_{};
  History history_{};
};

TEST_F(WatchTest, AWarningAfterTheCommitThatNamesTheLevelIsWorseAndStaysSo) {
  log(warning_in_ours);
  auto watching = watch();
  EXPECT_NE(watching.look().find("tcp_ack"), std::string::npos);
  EXPECT_NE(watching.look(), "");
}

TEST_F(WatchTest, WhatTheLogHadBeforeTheBaselineIsNoneOfItsMaking) {
  history_.plans = {level("1", "level_2", 202)};
  log(warning_in_ours);
  EXPECT_EQ(watch().look(), "");
}

TEST_F(WatchTest, WhatAnotherBootOrTheLevelAboveBroughtIsNoneOfItsMaking) {
  log(warning_in_ours);
  EXPECT_EQ(watch("another boot").look(), "");
  history_.last = LastEnd{.subject = "level_3", .what = "undone"};
  EXPECT_EQ(watch().look(), "");
}

TEST_F(WatchTest, AProbeThatPassedBeforeAndFailsTwiceIsWorse) {
  probes_ = {{.name = "passed", .kind = "command", .argv = {"/bin/false"}}};
  auto watching = watch();
  EXPECT_EQ(watching.look(), "");
  EXPECT_NE(watching.look().find("probe passed"), std::string::npos);
}

TEST_F(WatchTest, AProbeThatFailedBeforeSaysNothing) {
  probes_ = {{.name = "failed", .kind = "command", .argv = {"/bin/false"}}};
  auto watching = watch();
  watching.look();
  EXPECT_EQ(watching.look(), "");
}

TEST_F(WatchTest, TheLastLivePatchOfThisKernelThatIsInForceIsWatched) {
  EXPECT_EQ(plan_to_watch(history_, "another kernel"), nullptr);
  history_.plans.push_back({.plan = {.id = "2", .steps = {{"sysctl", {}}}}, .phase = Phase::committed});
  EXPECT_EQ(plan_to_watch(history_, "this kernel")->plan.id, "1");
  history_.plans.push_back(level("3", "none", 0));
  EXPECT_EQ(plan_to_watch(history_, "this kernel"), nullptr) << "the last one took it out of force";
  history_.plans.back() = level("3", "level_3", 0);
  EXPECT_EQ(plan_to_watch(history_, "this kernel")->plan.id, "3");
  history_.plans.back().phase = Phase::soaking;
  EXPECT_EQ(plan_to_watch(history_, "this kernel"), nullptr) << "what soaks is judged already";
}

}  // namespace
}  // namespace suture::agent
