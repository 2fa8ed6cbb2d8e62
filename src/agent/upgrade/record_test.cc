#include "agent/upgrade/record.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

Upgrade some() {
  return {.sequence = 7,
          .from = {1, "0.2.0", {{"suture-agent_0.2.0_amd64.deb", std::string(64, 'a')}}},
          .to = {4, "0.3.0", {{"suture-agent_0.3.0_amd64.deb", std::string(64, 'b')}}},
          .before = 3,
          .phase = UpgradePhase::putting_back,
          .reason = "it did not report"};
}

class UpgradeRecord : public ::testing::Test {
 protected:
  const fs::path& directory() const { return directory_.path(); }
  void rewrite(const std::string& from, const std::string& to) const {
    auto text = read_text(directory() / "record.json").value();
    text.replace(text.find(from), from.size(), to);
    ASSERT_TRUE(write_text(directory() / "record.json", text));
  }
  std::string refusal() const {
    const auto read = read_upgrade(directory());
    return read ? "was read" : read.error().describe();
  }

 private:
  TempDir directory_ = TempDir::make().value();
};

TEST_F(UpgradeRecord, IsReadAsItWasKept) {
  EXPECT_FALSE(*read_upgrade(directory()));
  ASSERT_TRUE(keep(directory(), some()));
  EXPECT_EQ(**read_upgrade(directory()), some());
}

TEST_F(UpgradeRecord, OfALaterVersionMayHaveMoreInIt) {
  ASSERT_TRUE(keep(directory(), some()));
  rewrite("\"sequence\"", "\"colour\": {\"of\": 1}, \"sequence\"");
  EXPECT_EQ(**read_upgrade(directory()), some());
}

TEST_F(UpgradeRecord, OfAnotherFormatIsRefused) {
  ASSERT_TRUE(keep(directory(), some()));
  rewrite("\"format\": 1", "\"format\": 2");
  EXPECT_NE(refusal().find("is of format 2; this version reads format 1"), std::string::npos);
}

TEST_F(UpgradeRecord, NamesNoFileElsewhere) {
  ASSERT_TRUE(keep(directory(), some()));
  rewrite("suture-agent_0.3.0_amd64.deb", "../suture-agent_0.3.0_amd64.deb");
  EXPECT_NE(refusal().find("is no file beside the record"), std::string::npos);
}

TEST_F(UpgradeRecord, ThatIsNotOverIsToBeFinished) {
  auto upgrade = some();
  ASSERT_TRUE(keep(directory(), upgrade));
  EXPECT_TRUE(fs::exists(directory() / "unfinished"));
  upgrade.phase = UpgradePhase::failed;
  ASSERT_TRUE(keep(directory(), upgrade));
  EXPECT_FALSE(fs::exists(directory() / "unfinished"));
}

TEST_F(UpgradeRecord, IsMarkedAsUnfinishedForWhoeverWasEndedBefore) {
  ASSERT_TRUE(mark_unfinished(directory()));
  EXPECT_TRUE(fs::exists(directory() / "unfinished"));
  EXPECT_FALSE(fs::exists(directory() / "record.json"));
}

TEST_F(UpgradeRecord, WaitsForTheReportOfOneVersion) {
  EXPECT_FALSE(has_reported(directory(), "0.3.0"));
  ASSERT_TRUE(mark_reported(directory(), "0.3.0"));
  EXPECT_TRUE(has_reported(directory(), "0.3.0"));
  EXPECT_FALSE(has_reported(directory(), "0.3"));
  ASSERT_TRUE(write_text(directory() / "suture-agent_0.3.0_amd64.deb", "."));
  ASSERT_TRUE(clear_upgrade(directory()));
  EXPECT_FALSE(has_reported(directory(), "0.3.0"));
  EXPECT_TRUE(fs::is_empty(directory()));
}

TEST(ReleaseBefore, IsTheOneThatWasLeftLast) {
  auto upgrade = some();
  EXPECT_EQ(release_before(std::nullopt, "0.2.0"), 0U);
  EXPECT_EQ(release_before(upgrade, "0.2.0"), 0U);
  upgrade.phase = UpgradePhase::done;
  EXPECT_EQ(release_before(upgrade, "0.3.0"), 1U);
  EXPECT_EQ(release_before(upgrade, "0.2.0"), 0U);  // somebody put it there since
  upgrade.phase = UpgradePhase::failed;
  EXPECT_EQ(release_before(upgrade, "0.2.0"), 3U);
}

}  // namespace
}  // namespace suture::agent
