#include "lab/record.h"

#include <gtest/gtest.h>

#include "lab/testing/framed.h"

namespace suture::lab {
namespace {

using testing::framed;

GuestStory told(const std::string& bytes) { return tell(read_records(as_bytes(bytes))); }

const std::string boot = framed("boot", 0, "0\n") + framed("log", 0, "<6>[    0.0] Linux version\n");
const std::string load =
    framed("start", 0, "load fix\n") + framed("step", 0, "load fix\n0 4.10 4.25\nwhat insmod said\nin two lines\n");
const std::string whole = boot + framed("begin", 0, "0\n") + load + framed("objects", 0, "vmlinux 1 1\n8021q 1 0\n") +
                          framed("log", 0, "<5>[    5.0] livepatch\n") + framed("end", 0, "clean 45056\n") +
                          framed("done", 0, "\n");

TEST(Records, TellTheWholeStory) {
  const auto story = told(whole);
  EXPECT_EQ(story.damage, "");
  EXPECT_TRUE(story.booted);
  EXPECT_TRUE(story.finished);
  EXPECT_EQ(story.boot_log, "<6>[    0.0] Linux version\n");
  ASSERT_EQ(story.runs.size(), 1U);
  const auto& run = story.runs[0];
  EXPECT_TRUE(run.ended && run.clean);
  EXPECT_EQ(run.taint_after, 45056U);
  ASSERT_EQ(run.steps.size(), 1U);
  EXPECT_EQ(run.steps[0].name, "load fix");
  EXPECT_EQ(run.steps[0].end, 4.25);
  EXPECT_EQ(run.steps[0].said, "what insmod said\nin two lines\n");
  ASSERT_EQ(run.objects.size(), 2U);
  EXPECT_TRUE(run.objects[1].patched && !run.objects[1].loaded);
  EXPECT_EQ(run.log, "<5>[    5.0] livepatch\n");
}

TEST(Records, CutAnywhereTheyTellWhatCameBefore) {
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto story = told(whole.substr(0, size));
    EXPECT_FALSE(story.finished) << size;
    EXPECT_LE(story.runs.size(), 1U);
  }
  const auto story = told(whole.substr(0, whole.find("what insmod said")));
  ASSERT_EQ(story.runs.size(), 1U);
  EXPECT_EQ(story.runs[0].in_flight, "load fix");
  EXPECT_TRUE(story.runs[0].steps.empty());
  EXPECT_NE(story.damage.find("cut off"), std::string::npos);
}

TEST(Records, PayloadMayHoldAnyBytesEvenRecords) {
  const auto inner = framed("done", 0, "");
  const auto records = read_records(as_bytes(framed("log", 7, inner + std::string(3, '\0'))));
  EXPECT_EQ(records.damage, "");
  EXPECT_EQ(records.records, (std::vector<Record>{{"log", 7, inner + std::string(3, '\0')}}));
}

TEST(Records, HostileHeadersEndTheReading) {
  for (const std::string_view hostile :
       {"garbage\n", "\x1e", "\x1elog 0 18446744073709551615\nx\n", "\x1elog 0 99999999999999999999999\nx\n",
        "\x1elog 0 -1\nx\n", "\x1elog 0 1\n\n", "\x1elog 0 1\nxy", "\x1eLOG 0 1\nx\n", "\x1e 0 1\nx\n",
        "\x1elog x 1\nx\n", "\x1elog 0 1 \nx\n",
        "\x1elog 0 0000000000000000000000000000000000000000000000000000000000000000000001\nx\n"}) {
    const auto records = read_records(as_bytes(boot + std::string(hostile)));
    EXPECT_EQ(records.records.size(), 2U) << hostile;
    EXPECT_NE(records.damage.find(fmt::format("at byte {}", boot.size())), std::string::npos) << hostile;
  }
}

TEST(Records, ThatDoNotBelongWhereTheyAreEndTheStory) {
  for (const auto& stray : {framed("step", 0, "load\n0 1 2\n"), framed("nonsense", 0, ""), framed("end", 0, "clean 0"),
                            framed("begin", 0, "not a number"), framed("begin", 0, "0") + framed("begin", 1, "0"),
                            framed("begin", 0, "0") + framed("step", 1, "load\n0 1 2\n"),
                            framed("begin", 0, "0") + framed("step", 0, "load\n0 1\n"),
                            framed("begin", 0, "0") + framed("end", 0, "clean\n")}) {
    const auto story = told(boot + stray + framed("done", 0, ""));
    EXPECT_NE(story.damage, "") << stray;
    EXPECT_FALSE(story.finished) << stray;
  }
}

TEST(Records, AGuestThatCannotGoOnSaysSo) {
  const auto story = told(boot + framed("begin", 3, "0\n") + framed("end", 3, "dirty 512\n"));
  ASSERT_EQ(story.runs.size(), 1U);
  EXPECT_EQ(story.runs[0].patch, 3U);
  EXPECT_TRUE(story.runs[0].ended);
  EXPECT_FALSE(story.runs[0].clean);
}

}  // namespace
}  // namespace suture::lab
