#include "kit/kit.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "kit/store.h"

namespace suture::kit {
namespace {

class Kits : public testing::Test {
 protected:
  Kits() { ::setenv("SUTURE_CACHE", cache().c_str(), 1); }
  ~Kits() override { ::unsetenv("SUTURE_CACHE"); }
  fs::path cache() const { return fs::canonical(directory_.path()); }

  Kit make(const std::string& release) {
    Kit kit{.release = release, .series = "6.1", .package_version = "6.1.187-1", .compiler = "gcc-12", .root = {}};
    kit.make_variables = {"ARCH=x86"};
    kit.seconds = {.unpack = 12.5, .total = 30};
    kit.bytes = 1'500'000'000;
    kit.root = kit_root(cache(), release);
    EXPECT_TRUE(make_directories(kit.build()));
    return kit;
  }

 private:
  TempDir directory_ = std::move(*TempDir::make());
};

TEST_F(Kits, OpensWhatWasSaved) {
  ASSERT_TRUE(save_kit(make("6.1.0-53-amd64")));
  const auto kit = open_kit("6.1.0-53-amd64");
  ASSERT_TRUE(kit) << kit.error().describe();
  EXPECT_EQ(kit->package_version, "6.1.187-1");
  EXPECT_EQ(kit->bytes, 1'500'000'000U);
  EXPECT_EQ(kit->seconds.unpack, 12.5);
  EXPECT_EQ(kit->build(), cache() / "kits/6.1.0-53-amd64/build");
  EXPECT_EQ(kit->modules(), cache() / "kits/6.1.0-53-amd64/shipped/lib/modules/6.1.0-53-amd64");
}

TEST_F(Kits, AMissingOneSaysHowToMakeIt) {
  const auto kit = open_kit("6.1.0-53-amd64");
  ASSERT_FALSE(kit);
  EXPECT_EQ(kit.error().advice(), "Make it with: suture kit add 6.1.0-53-amd64");
}

TEST_F(Kits, AnInterruptedOneIsNoKit) {
  make("6.1.0-53-amd64");
  EXPECT_FALSE(open_kit("6.1.0-53-amd64"));
  EXPECT_TRUE(list_kits()->empty());
}

TEST_F(Kits, ACorruptMarkerIsAnErrorAndNotListed) {
  const auto kit = make("6.1.0-53-amd64");
  ASSERT_TRUE(write_text(kit.root / "kit.json", "{\"format\": 1, \"root\": 7}"));
  EXPECT_FALSE(open_kit("6.1.0-53-amd64"));
  EXPECT_TRUE(list_kits()->empty());
}

TEST_F(Kits, AMovedOneIsRefused) {
  ASSERT_TRUE(save_kit(make("6.1.0-53-amd64")));
  fs::rename(cache() / "kits/6.1.0-53-amd64", cache() / "kits/6.1.0-54-amd64");
  const auto kit = open_kit("6.1.0-54-amd64");
  ASSERT_FALSE(kit);
  EXPECT_NE(kit.error().describe().find("cannot be moved"), std::string::npos);
}

TEST_F(Kits, AreListedInTheOrderOfTheirVersions) {
  for (const auto* release : {"6.12.115+deb12-amd64", "6.1.0-53-amd64", "6.1.0-7-amd64"})
    ASSERT_TRUE(save_kit(make(release)));
  std::vector<std::string> releases;
  const auto kits = list_kits();
  for (const auto& kit : *kits) releases.push_back(kit.release);
  EXPECT_EQ(releases, (std::vector<std::string>{"6.1.0-7-amd64", "6.1.0-53-amd64", "6.12.115+deb12-amd64"}));
}

TEST_F(Kits, RemovingLeavesNothingButTheLock) {
  ASSERT_TRUE(save_kit(make("6.1.0-53-amd64")));
  ASSERT_TRUE(remove_kit("6.1.0-53-amd64"));
  for (const auto& entry : fs::directory_iterator(cache() / "kits")) EXPECT_EQ(entry.path().extension(), ".lock");
  EXPECT_FALSE(remove_kit("6.1.0-53-amd64"));
}

TEST_F(Kits, NeverLeaveTheCache) {
  EXPECT_FALSE(open_kit("../../etc"));
  EXPECT_FALSE(remove_kit(".."));
}

TEST_F(Kits, RefuseACacheWhereNoKernelCanBeBuilt) {
  ::setenv("SUTURE_CACHE", "/tmp/with space", 1);
  EXPECT_FALSE(cache_directory());
}

}  // namespace
}  // namespace suture::kit
