#include "lab/sessions.h"

#include <gtest/gtest.h>

#include "lab/testing/framed.h"

namespace suture::lab {
namespace {

using testing::framed;

// A guest whose every live patch fares as its letter says: '.' well, 'd' leaves the kernel dirty,
// 'x' kills it, '|' kills it after its end.
class FakeGuests : public ::testing::Test {
 protected:
  Result<Seen> see(const std::string& fates) {
    return see_all(0, fates.size(), [&](std::size_t first, std::size_t end) -> Result<Booted> {
      started_.push_back(first);
      auto records = framed("boot", 0, "6.1") + framed("log", 0, "<6>[ 0.0] Linux\n");
      std::string console = "[ 0.0] Linux\n";
      for (auto i = first; i < end; ++i) {
        console += fmt::format("[ 5.0] suture: patch {} begins\n", i);
        records += framed("begin", i, "0") + framed("start", i, "load") +
                   framed("log", i, fmt::format("<4>[ 5.1] of {}\n", i));
        if (fates[i] == 'x') {
          console += fmt::format("[ 5.2] Kernel panic of {}\n", i);
          return Booted{.console = console, .records = to_bytes(records)};
        }
        records += framed("end", i, fates[i] == 'd' ? "dirty 512" : "clean 0");
        if (fates[i] == '|') return Booted{.console = console, .records = to_bytes(records)};
        if (fates[i] == 'd') break;
      }
      return Booted{.console = console, .records = to_bytes(records + framed("done", 0, ""))};
    });
  }
  static Bytes to_bytes(const std::string& text) { return Bytes(text.begin(), text.end()); }
  std::vector<std::size_t> started_;
};

TEST_F(FakeGuests, OneBootSeesThemAllIfNothingGoesWrong) {
  const auto seen = see("...").value();
  EXPECT_EQ(started_, std::vector<std::size_t>{0});
  ASSERT_EQ(seen.witnesses.size(), 3U);
  EXPECT_EQ(seen.witnesses[2].log.front().text, "of 2");
  EXPECT_EQ(seen.boot_log.size(), 1U);
}

TEST_F(FakeGuests, ADeathIsTheLivePatchsThatTheGuestWasAtAndTheRestGetANewGuest) {
  const auto seen = see(".x..").value();
  EXPECT_EQ(started_, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(seen.boots, 2U);
  ASSERT_EQ(seen.witnesses.size(), 4U);
  EXPECT_TRUE(seen.witnesses[0].run.ended);
  EXPECT_FALSE(seen.witnesses[1].run.ended);
  EXPECT_EQ(seen.witnesses[1].run.in_flight, "load");
  EXPECT_EQ(crash_report(seen.witnesses[1].log), "Kernel panic of 1\n");
  EXPECT_TRUE(seen.witnesses[3].run.ended);
}

TEST_F(FakeGuests, ADeathBetweenTwoIsTheFormers) {
  const auto seen = see("|.").value();
  EXPECT_EQ(started_, (std::vector<std::size_t>{0, 1}));
  EXPECT_FALSE(seen.witnesses[0].run.ended);
  EXPECT_TRUE(seen.witnesses[1].run.ended);
}

TEST_F(FakeGuests, ADirtyKernelDoesNotJudgeTheNext) {
  const auto seen = see("d.").value();
  EXPECT_EQ(started_, (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(seen.witnesses[0].run.ended);
}

TEST_F(FakeGuests, EveryLivePatchMayKillItsGuest) {
  EXPECT_EQ(see("xxx").value().boots, 3U);
  EXPECT_EQ(see("").value().boots, 0U);
}

TEST(Sessions, AGuestThatNeverComesToALivePatchIsAnErrorWithItsConsole) {
  const auto seen = see_all(0, 1, [](std::size_t, std::size_t) -> Result<Booted> {
    return Booted{.console = "[ 0.1] Kernel panic - not syncing: VFS\r\n", .timed_out = true};
  });
  ASSERT_FALSE(seen);
  EXPECT_NE(seen.error().message().find("Kernel panic - not syncing: VFS"), std::string::npos);
}

TEST(Sessions, AGuestThatReportsOutOfTurnIsAnError) {
  const auto seen = see_all(0, 2, [](std::size_t, std::size_t) -> Result<Booted> {
    const auto text = framed("boot", 0, "6.1") + framed("begin", 1, "0");
    return Booted{.records = Bytes(text.begin(), text.end())};
  });
  EXPECT_FALSE(seen);
}

}  // namespace
}  // namespace suture::lab
