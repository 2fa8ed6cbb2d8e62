#include "kit/release.h"

#include <gtest/gtest.h>

namespace suture::kit {
namespace {

TEST(Release, TakesWhatDebianAndOthersUse) {
  for (const auto* release : {"6.1.0-53-amd64", "6.1.0-53-cloud-amd64", "6.12.115+deb12-amd64", "6.1",
                              "6.12.0-211.16.1.el10_2.x86_64", "6.16~rc7-amd64"}) {
    EXPECT_TRUE(check_release(release)) << release;
  }
}

TEST(Release, RefusesWhatWouldLeaveTheCache) {
  for (const auto* release : {"", "..", "6.1/../..", "6.1..", "6.1.0-53-amd64/", "/6.1", "6", "amd64", "6.1.0 53",
                              "6.1.0-53\n", "-6.1", "6.1.0--o"}) {
    EXPECT_FALSE(check_release(release)) << release;
  }
  EXPECT_FALSE(check_release("6.1." + std::string(64, '0')));
}

TEST(Release, SeriesIsItsFirstTwoNumbers) {
  EXPECT_EQ(series_of("6.1.0-53-amd64"), "6.1");
  EXPECT_EQ(series_of("6.12.115+deb12-amd64"), "6.12");
  EXPECT_EQ(series_of("6.12+deb13-amd64"), "6.12");
  EXPECT_EQ(series_of("7.0"), "7.0");
}

}  // namespace
}  // namespace suture::kit
