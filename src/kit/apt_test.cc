#include "kit/apt.h"

#include <gtest/gtest.h>

namespace suture::kit {
namespace {

TEST(AptShow, ReadsEveryVersionWithSizeAndHash) {
  const auto offers = parse_apt_show(
      "Package: linux-source-6.1\nSource: linux\nVersion: 6.1.190-1\nArchitecture: all\n"
      "Description: Linux kernel source\n This package: provides source.\n .\n More.\n"
      "Filename: pool/l/linux-source-6.1_6.1.190-1_all.deb\nSize: 139374464\nSHA256: ab01\n\n"
      "Package: linux-source-6.1\nVersion: 6.1.187-1\nArchitecture: all\nFilename: pool/x.deb\nSize: 5\nSHA256: "
      "cd02\n");
  ASSERT_TRUE(offers) << offers.error().describe();
  ASSERT_EQ(offers->size(), 2U);
  EXPECT_EQ((*offers)[0].version, "6.1.190-1");
  EXPECT_EQ((*offers)[0].size, 139374464U);
  EXPECT_EQ((*offers)[1].version, "6.1.187-1");
  EXPECT_EQ((*offers)[1].sha256, "cd02");
  EXPECT_TRUE((*offers)[1].from_apt);
}

TEST(AptShow, LeavesOutAnInstalledPackageThatNoArchiveOffers) {
  const auto offers = parse_apt_show(
      "Package: linux-image-6.1.0-40-amd64\nStatus: install ok installed\nVersion: 6.1.153-1\nArchitecture: amd64\n");
  ASSERT_TRUE(offers);
  EXPECT_TRUE(offers->empty());
}

TEST(AptShow, NothingKnownIsNoOffer) { EXPECT_TRUE(parse_apt_show("")->empty()); }

TEST(AptShow, SaysWhichLineItDoesNotUnderstand) {
  const auto offers = parse_apt_show("Package: a\nE: what\nnonsense\n");
  ASSERT_FALSE(offers);
  EXPECT_NE(offers.error().describe().find("line 3"), std::string::npos);
}

TEST(AptShow, RefusesASizeThatIsNoNumber) {
  EXPECT_FALSE(parse_apt_show("Package: a\nVersion: 1\nArchitecture: all\nFilename: f\nSize: 12x\nSHA256: 00\n"));
}

}  // namespace
}  // namespace suture::kit
