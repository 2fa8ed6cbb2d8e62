#include "agent/fleet/checkpoints.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

using trust::AuditCheckpoint;
constexpr trust::tuf::Time today{std::chrono::seconds(1'800'000'000)};

class KeptCheckpoints : public ::testing::Test {
 protected:
  std::string take(std::int64_t sequence, char digest, trust::tuf::Time now = today) {
    const AuditCheckpoint shown{.sequence = sequence, .digest = std::string(64, digest), .at = now};
    return checkpoints_.take(shown, trust::sign_checkpoint(shown, key_).value(), now).value();
  }
  std::vector<std::int64_t> kept() {
    std::vector<std::int64_t> sequences;
    const auto documents = checkpoints_.documents().value();
    for (const auto& each : documents)
      sequences.push_back(trust::open_checkpoint(each, key_.public_key(), "it")->sequence);
    std::ranges::sort(sequences);
    return sequences;
  }

  trust::ed25519::PrivateKey key_ = trust::ed25519::PrivateKey::generate().value();
  TempDir directory_ = TempDir::make().value();
  Checkpoints checkpoints_{directory_.path()};
};

TEST_F(KeptCheckpoints, AreTheFirstOfEachDayAndTheLatest) {
  for (const int sequence : {1, 2, 3}) EXPECT_EQ(take(sequence, 'a'), "");
  EXPECT_EQ(take(4, 'b', today + std::chrono::days(1)), "");
  EXPECT_EQ(take(5, 'b', today + std::chrono::days(1)), "");
  EXPECT_EQ(kept(), (std::vector<std::int64_t>{1, 4, 5}));
}

TEST_F(KeptCheckpoints, AreOfOneYear) {
  take(1, 'a', today - std::chrono::days(400));
  const auto some = checkpoints_.documents()->front();
  for (int day = 399; day > 0; --day) {
    const auto name = trust::tuf::format_time(today - std::chrono::days(day)).substr(0, 10);
    ASSERT_TRUE(write_text(directory_.path() / "checkpoints" / fmt::format("day-{}.json", name), some, Sync::no));
  }
  take(400, 'a');
  const auto files = fs::directory_iterator(directory_.path() / "checkpoints");
  EXPECT_EQ(std::distance(begin(files), end(files)), 366 + 1) << "and the latest";
  EXPECT_EQ(kept().back(), 400);
}

TEST_F(KeptCheckpoints, ShowThatTheAuditWasSetBack) {
  take(5, 'a');
  EXPECT_EQ(take(4, 'b'), "it ends with entry 4, and had 5 on 2027-01-15T08:00:00Z");
  EXPECT_EQ(kept(), (std::vector<std::int64_t>{5}));
  EXPECT_EQ(checkpoints_.conflicts()->size(), 1U);
}

TEST_F(KeptCheckpoints, ShowThatTheAuditWasRewritten) {
  take(5, 'a');
  EXPECT_EQ(take(5, 'b'), "its entry 5 is another than it was on 2027-01-15T08:00:00Z");
  EXPECT_EQ(take(5, 'a'), "") << "what was kept stays what is believed";
}

TEST_F(KeptCheckpoints, AreToldOfOnceAndStayWhenTheOtherAuditOutgrowsThem) {
  take(5, 'a');
  take(7, 'a');
  EXPECT_NE(take(6, 'b'), "");
  EXPECT_EQ(take(6, 'b', today + std::chrono::minutes(1)), "");
  EXPECT_EQ(take(8, 'b'), "");
  EXPECT_EQ(kept(), (std::vector<std::int64_t>{5, 7, 8}));
  EXPECT_EQ(checkpoints_.conflicts()->size(), 1U);
}

TEST_F(KeptCheckpoints, OfAServerThatShowsAnotherEachTimeDoNotFillTheDisk) {
  take(1000, 'a');
  for (int sequence = 1; sequence < 100; ++sequence) take(sequence, 'b');
  EXPECT_EQ(checkpoints_.conflicts()->size(), 16U);
}

}  // namespace
}  // namespace suture::agent
