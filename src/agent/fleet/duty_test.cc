#include "agent/fleet/duty.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

class KeptDuty : public ::testing::Test {
 protected:
  Duty read(const std::string& text) {
    EXPECT_TRUE(write_text(directory_.path() / "duty.json", text));
    return read_duty(directory_.path()).value();
  }
  TempDir directory_ = TempDir::make().value();
};

TEST_F(KeptDuty, IsReadAsItWasKept) {
  for (const Duty& each : {Duty{.sequence = 3, .outcome = "done", .reason = "why", .verdict = "well", .level = 2},
                           Duty{.sequence = 4, .outcome = "started", .agent = "0.3.0"}}) {
    ASSERT_TRUE(keep(directory_.path(), each));
    EXPECT_EQ(read_duty(directory_.path()).value(), each);
  }
}

TEST_F(KeptDuty, OfAnAgentFromBeforeUpgradesIsRead) {
  const auto duty = read(R"({"sequence": 3, "outcome": "started", "reason": "", "verdict": "none", "level": 2})");
  EXPECT_EQ(duty, (Duty{.sequence = 3, .outcome = "started", .level = 2}));
  EXPECT_FALSE(is_upgrading(duty));
}

TEST_F(KeptDuty, OfALaterVersionMayHaveMoreInIt) {
  EXPECT_EQ(read(R"({"sequence": 3, "outcome": "done", "colour": {"of": 1}})").sequence, 3);
}

TEST_F(KeptDuty, OfALevelIsReadByAnAgentFromBeforeUpgrades) {
  ASSERT_TRUE(keep(directory_.path(), {.sequence = 3, .outcome = "done", .level = 2}));
  EXPECT_EQ(read_text(directory_.path() / "duty.json")->find("agent"), std::string::npos);
}

}  // namespace
}  // namespace suture::agent
