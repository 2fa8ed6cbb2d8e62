#include "agent/upgrade/settle.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

const Duty begun{.sequence = 7, .outcome = "started", .reason = "on its way", .agent = "0.3.0"};

Upgrade record(UpgradePhase phase, std::int64_t sequence = 7) {
  return {.sequence = sequence,
          .from = {1, "0.2.0", {}},
          .to = {2, "0.3.0", {}},
          .phase = phase,
          .reason = phase == UpgradePhase::failed ? "it did not report; 0.2.0 is back" : ""};
}

TEST(SettleUpgrade, LeavesTheDutyAsLongAsTheInstallerIsAtWork) {
  for (const auto phase :
       {UpgradePhase::wanted, UpgradePhase::installing, UpgradePhase::waiting, UpgradePhase::putting_back})
    for (const auto* running : {"0.2.0", "0.3.0"}) EXPECT_EQ(settle_upgrade(begun, record(phase), running), begun);
}

TEST(SettleUpgrade, IsDoneOnceTheInstallerSaysSoAndTheReleaseRuns) {
  const Duty done{.sequence = 7, .outcome = "done", .verdict = "well", .agent = "0.3.0"};
  EXPECT_EQ(settle_upgrade(begun, record(UpgradePhase::done), "0.3.0"), done);
}

TEST(SettleUpgrade, FailsForTheRecordsReasonAndWithItsSequence) {
  const auto failed = settle_upgrade(begun, record(UpgradePhase::failed), "0.2.0");
  EXPECT_EQ(failed, (Duty{.sequence = 7,
                          .outcome = "failed",
                          .reason = "it did not report; 0.2.0 is back",
                          .verdict = "none",
                          .agent = "0.3.0"}));
}

TEST(SettleUpgrade, FailsWhereNothingWasBegun) {
  const std::string reason = "the agent was ended before it began to install";
  EXPECT_EQ(settle_upgrade(begun, std::optional<Upgrade>(), "0.2.0").reason, reason);
  // Of an assignment before: it speaks of another upgrade.
  EXPECT_EQ(settle_upgrade(begun, record(UpgradePhase::done, 6), "0.2.0").reason, reason);
}

TEST(SettleUpgrade, FailsWhereSomebodyInstalledAnotherSince) {
  EXPECT_EQ(settle_upgrade(begun, record(UpgradePhase::done), "0.1.0").reason, "0.3.0 was installed, and 0.1.0 runs");
}

TEST(SettleUpgrade, FailsWhereTheRecordCannotBeRead) {
  EXPECT_EQ(settle_upgrade(begun, fail("record.json: is of format 2"), "0.2.0").reason, "record.json: is of format 2");
}

}  // namespace
}  // namespace suture::agent
