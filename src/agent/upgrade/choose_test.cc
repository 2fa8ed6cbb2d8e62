#include "agent/upgrade/choose.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

trust::AgentRelease release(std::uint32_t number, std::string version, char digest) {
  return {number,
          std::move(version),
          {{"suture-agent", "amd64", std::string(64, digest)},
           {"suture-agent", "arm64", std::string(64, 'f')},
           {"suture-fetch", "amd64", std::string(64, 'e')}}};
}

trust::AgentIndex index(std::uint32_t floor = 0) {
  return {.floor = floor, .releases = {release(1, "0.2.0", 'a'), release(2, "0.2.1", 'b'), release(4, "0.3.0", 'c')}};
}

trust::Assignment assignment(trust::Action action, std::uint32_t number, std::string version, char digest) {
  return {.host = "a host",
          .sequence = 7,
          .nonce = "",
          .action = action,
          .agent = trust::AssignedAgent{number, std::move(version), std::string(64, digest)}};
}

const auto upgrade_to_4 = assignment(trust::Action::agent_upgrade, 4, "0.3.0", 'c');
const auto back_to_1 = assignment(trust::Action::agent_back, 1, "0.2.0", 'a');
const auto back_to_2 = assignment(trust::Action::agent_back, 2, "0.2.1", 'b');

Upgrade ended(UpgradePhase phase, std::uint32_t before, std::uint32_t from, std::string version_from, std::uint32_t to,
              std::string version_to) {
  return {.from = {from, std::move(version_from), {}},
          .to = {to, std::move(version_to), {}},
          .before = before,
          .phase = phase};
}

std::string refusal(const trust::Assignment& assignment, const trust::AgentIndex& index, std::string_view running,
                    const std::optional<Upgrade>& last = std::nullopt) {
  const auto chosen = choose_upgrade(assignment, index, running, last);
  return chosen ? "was chosen" : chosen.error().describe();
}

TEST(ChooseUpgrade, TakesBothReleasesWithThePackagesOfThisArchitecture) {
  const auto chosen = choose_upgrade(upgrade_to_4, index(), "0.2.1", std::nullopt).value();
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->sequence, 7);
  EXPECT_EQ(chosen->phase, UpgradePhase::wanted);
  EXPECT_EQ(chosen->from.version, "0.2.1");
  EXPECT_EQ(chosen->to, (UpgradeRelease{4,
                                        "0.3.0",
                                        {{"suture-agent_0.3.0_amd64.deb", std::string(64, 'c')},
                                         {"suture-fetch_0.3.0_amd64.deb", std::string(64, 'e')}}}));
}

TEST(ChooseUpgrade, DoesNothingWhereTheReleaseRuns) {
  EXPECT_FALSE(choose_upgrade(upgrade_to_4, index(), "0.3.0", std::nullopt).value());
}

TEST(ChooseUpgrade, RefusesWhatIsNotSignedJustSo) {
  using trust::Action;
  EXPECT_EQ(refusal(assignment(Action::agent_upgrade, 3, "0.3.0", 'c'), index(), "0.2.0"),
            "the repository has no release 3 of the agent");
  EXPECT_EQ(refusal(assignment(Action::agent_upgrade, 4, "0.4.0", 'c'), index(), "0.2.0"),
            "release 4 is 0.3.0 in the repository, not 0.4.0");
  EXPECT_NE(refusal(assignment(Action::agent_upgrade, 4, "0.3.0", 'd'), index(), "0.2.0").find("has package ccc"),
            std::string::npos);
}

TEST(ChooseUpgrade, RefusesWithoutAWayBack) {
  EXPECT_EQ(refusal(upgrade_to_4, index(), "0.1.0"),
            "0.1.0, which runs, is no release in the repository: there would be no way back");
}

TEST(ChooseUpgrade, NeverGoesBelowTheFloor) {
  const auto last = ended(UpgradePhase::done, 0, 1, "0.2.0", 2, "0.2.1");
  EXPECT_EQ(refusal(back_to_1, index(2), "0.2.1", last), "release 1 is below the floor, 2");
  EXPECT_EQ(refusal(back_to_1, index(1), "0.2.1", last), "was chosen");
}

TEST(ChooseUpgrade, UpwardsAndBackAreTwoAssignments) {
  EXPECT_EQ(refusal(assignment(trust::Action::agent_upgrade, 1, "0.2.0", 'a'), index(), "0.3.0"),
            "release 4 (0.3.0) runs; going back is another assignment");
  EXPECT_EQ(refusal(assignment(trust::Action::agent_back, 4, "0.3.0", 'c'), index(), "0.2.0"),
            "release 4 is above 1, which runs");
}

TEST(ChooseUpgrade, GoesBackToTheReleaseOfBeforeAndNoOther) {
  const auto from_1_to_2 = ended(UpgradePhase::done, 0, 1, "0.2.0", 2, "0.2.1");
  const auto then_not_to_4 = ended(UpgradePhase::failed, 1, 2, "0.2.1", 4, "0.3.0");
  const auto from_2_to_4 = ended(UpgradePhase::done, 1, 2, "0.2.1", 4, "0.3.0");
  EXPECT_EQ(refusal(back_to_1, index(), "0.2.1", from_1_to_2), "was chosen");
  EXPECT_EQ(refusal(back_to_1, index(), "0.2.1", then_not_to_4), "was chosen");
  EXPECT_EQ(refusal(back_to_2, index(), "0.3.0", from_2_to_4), "was chosen");
  EXPECT_EQ(refusal(back_to_1, index(), "0.3.0", from_2_to_4), "before 0.3.0 release 2 ran here, not 1");
  EXPECT_EQ(refusal(back_to_1, index(), "0.2.1"), "it is not known here which release ran before 0.2.1");
}

}  // namespace
}  // namespace suture::agent
