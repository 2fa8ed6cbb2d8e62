#include "agent/fleet/readings.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

using namespace std::chrono_literals;

host::Reading reading(std::chrono::seconds at, std::uint64_t operations, std::uint64_t busy_ms) {
  host::Reading made;
  made.at = host::Instant(at);
  made.taint = 0;
  made.disks = {{"vda", operations, busy_ms}};
  return made;
}

TEST(Readings, AreOfTheTimeBetweenTwoReportsAndWithoutWhatCannotBeRead) {
  const auto between = readings_between(reading(100s, 1000, 5000), reading(160s, 1200, 6000));
  EXPECT_EQ(between.at("disk_latency_ms"), 5);
  EXPECT_FALSE(between.contains("io_pressure")) << "a kernel without pressure stall information";
  EXPECT_FALSE(between.contains("new_taint"));
}

TEST(Readings, OfNoTimeAreNone) { EXPECT_TRUE(readings_between(reading(100s, 1, 1), reading(100s, 1, 1)).empty()); }

}  // namespace
}  // namespace suture::agent
