#include "agent/health/host_health.h"

#include <gtest/gtest.h>

#include "agent/testing/fake_world.h"
#include "base/file.h"

namespace suture::agent {
namespace {

const std::string quiet = "6,100,1000000,-;a line from before\n";
const std::string lockup = "0,101,2000000,-;watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [cat:7]\n";

class HostHealthTest : public ::testing::Test {
 protected:
  HostHealthTest() {
    EXPECT_TRUE(make_directories(directory_.path() / "proc/sys/kernel"));
    EXPECT_TRUE(make_directories(directory_.path() / "dev"));
    EXPECT_TRUE(write_text(directory_.path() / "proc/sys/kernel/tainted", "0\n"));
  }
  void log(const std::string& text) { EXPECT_TRUE(write_text(directory_.path() / "dev/kmsg", text)); }
  HostHealth health() { return {root_, clock_, {.samples = 0}}; }

  TempDir directory_ = TempDir::make().value();
  host::Root root_{directory_.path()};
  testing::FakeHost host_;
  testing::FakeClock clock_{host_};
};

TEST_F(HostHealthTest, DamageInTheLogBeforeThePlanIsNoneOfItsMaking) {
  log(lockup);
  auto watching = health();
  const auto before = *watching.baseline();
  EXPECT_EQ(watching.judge(before, Milliseconds(0)).judgement, Judgement::not_yet);
}

TEST_F(HostHealthTest, AnAgentThatTakesOverASoakReadsTheLogFromWhereItBegan) {
  log(quiet);
  const auto before = *health().baseline();
  log(quiet + lockup);
  const auto verdict = health().judge(before, Milliseconds(0));
  EXPECT_EQ(verdict.judgement, Judgement::worse);
  EXPECT_NE(verdict.reason.find("soft lockup"), std::string::npos) << verdict.reason;
}

}  // namespace
}  // namespace suture::agent
