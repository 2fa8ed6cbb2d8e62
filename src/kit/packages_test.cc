#include "kit/packages.h"

#include <gtest/gtest.h>

namespace suture::kit {
namespace {

std::vector<Offer> offers(std::vector<std::pair<std::string, std::string>> packages) {
  std::vector<Offer> all;
  for (auto& [package, version] : packages) all.push_back({.package = package, .version = version, .architecture = ""});
  return all;
}

std::string reason(const Result<KernelPackages>& selected) {
  return selected ? "selected" : selected.error().describe();
}

TEST(SelectPackages, TakesThreeOfOneVersion) {
  const auto selected = select_packages("6.1.0-53-amd64", offers({{"linux-image-6.1.0-53-amd64", "6.1.187-1"},
                                                                  {"linux-image-6.1.0-53-amd64-unsigned", "6.1.187-1"},
                                                                  {"linux-headers-6.1.0-53-amd64", "6.1.187-1"},
                                                                  {"linux-source-6.1", "6.1.190-1"},
                                                                  {"linux-source-6.1", "6.1.187-1"}}));
  ASSERT_TRUE(selected) << reason(selected);
  EXPECT_EQ(selected->image.package, "linux-image-6.1.0-53-amd64");
  EXPECT_EQ(selected->source.version, "6.1.187-1");
}

TEST(SelectPackages, TakesTheUnsignedImageWhereItIsAllThereIs) {
  const auto selected =
      select_packages("6.12.115+deb12-amd64", offers({{"linux-image-6.12.115+deb12-amd64-unsigned", "6.12.115-2"},
                                                      {"linux-headers-6.12.115+deb12-amd64", "6.12.115-2"},
                                                      {"linux-source-6.12", "6.12.115-2"}}));
  ASSERT_TRUE(selected) << reason(selected);
  EXPECT_EQ(selected->image.package, "linux-image-6.12.115+deb12-amd64-unsigned");
}

TEST(SelectPackages, NamesTheSourceThatIsMissingAndWhatThereIs) {
  const auto selected = select_packages("6.1.0-51-amd64", offers({{"linux-image-6.1.0-51-amd64", "6.1.180-1"},
                                                                  {"linux-headers-6.1.0-51-amd64", "6.1.180-1"},
                                                                  {"linux-source-6.1", "6.1.192-2"},
                                                                  {"linux-source-6.1", "6.1.187-1"}}));
  EXPECT_EQ(reason(selected),
            "6.1.0-51-amd64 cannot be made into a kit: linux-source-6.1 version 6.1.180-1 is not offered; offered: "
            "6.1.192-2, 6.1.187-1");
}

TEST(SelectPackages, NamesEverythingThatIsMissing) {
  const auto selected = select_packages("6.1.0-48-amd64", offers({{"linux-image-6.1.0-48-amd64", "6.1.172-1"}}));
  EXPECT_NE(reason(selected).find("linux-headers-6.1.0-48-amd64 version 6.1.172-1 is not offered; offered: none"),
            std::string::npos);
  EXPECT_NE(reason(selected).find("linux-source-6.1 version 6.1.172-1"), std::string::npos);
}

TEST(SelectPackages, NeverMixesVersions) {
  const auto selected = select_packages("6.1.0-53-amd64", offers({{"linux-image-6.1.0-53-amd64", "6.1.187-1"},
                                                                  {"linux-headers-6.1.0-53-amd64", "6.1.187-1~test"},
                                                                  {"linux-source-6.1", "6.1.187-1"}}));
  EXPECT_NE(reason(selected).find("offered: 6.1.187-1~test"), std::string::npos);
}

TEST(SelectPackages, OfTwoImageVersionsTakesTheCompleteOne) {
  const auto selected = select_packages("6.1.0-53-amd64", offers({{"linux-image-6.1.0-53-amd64", "6.1.187-2"},
                                                                  {"linux-image-6.1.0-53-amd64", "6.1.187-1"},
                                                                  {"linux-headers-6.1.0-53-amd64", "6.1.187-1"},
                                                                  {"linux-source-6.1", "6.1.187-1"}}));
  ASSERT_TRUE(selected) << reason(selected);
  EXPECT_EQ(selected->image.version, "6.1.187-1");
}

TEST(SelectPackages, TakesTheFirstOfEqualOffers) {
  auto all = offers({{"linux-image-6.1.0-53-amd64", "6.1.187-1"},
                     {"linux-image-6.1.0-53-amd64", "6.1.187-1"},
                     {"linux-headers-6.1.0-53-amd64", "6.1.187-1"},
                     {"linux-source-6.1", "6.1.187-1"}});
  all[0].file = "local.deb";
  EXPECT_EQ(select_packages("6.1.0-53-amd64", all)->image.file, "local.deb");
}

TEST(CompleteReleases, LeavesOutWhatLacksAPackage) {
  const auto all = offers({{"linux-image-6.1.0-52-amd64", "6.1.183-1"},
                           {"linux-image-6.1.0-53-amd64", "6.1.187-1"},
                           {"linux-image-6.1.0-53-amd64-unsigned", "6.1.187-1"},
                           {"linux-headers-6.1.0-52-amd64", "6.1.183-1"},
                           {"linux-headers-6.1.0-53-amd64", "6.1.187-1"},
                           {"linux-image-amd64", "6.1.192-2"},
                           {"linux-source-6.1", "6.1.187-1"}});
  EXPECT_EQ(complete_releases(all), std::vector<std::string>{"6.1.0-53-amd64"});
}

}  // namespace
}  // namespace suture::kit
