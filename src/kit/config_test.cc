#include "kit/config.h"

#include <gtest/gtest.h>

namespace suture::kit {
namespace {

KernelConfig parsed(std::string_view text) { return *KernelConfig::parse(text, "config"); }

TEST(KernelConfig, TellsBuiltInModulesStringsAndUnset) {
  const auto config = parsed(
      "#\n# Automatically generated file; DO NOT EDIT.\n#\n\nCONFIG_LIVEPATCH=y\nCONFIG_BLK_DEV_LOOP=m\n"
      "CONFIG_CC_VERSION_TEXT=\"gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0\"\nCONFIG_HZ=250\n# CONFIG_LTO is not set\n");
  EXPECT_TRUE(config.enabled("CONFIG_LIVEPATCH"));
  EXPECT_TRUE(config.enabled("CONFIG_BLK_DEV_LOOP"));
  EXPECT_FALSE(config.enabled("CONFIG_LTO"));
  EXPECT_FALSE(config.enabled("CONFIG_UNKNOWN"));
  EXPECT_EQ(config.value("CONFIG_CC_VERSION_TEXT"), "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0");
  EXPECT_EQ(config.value("CONFIG_HZ"), "250");
  EXPECT_EQ(config.value("CONFIG_LTO"), "");
}

TEST(KernelConfig, NamesTheLineThatIsNoOption) {
  for (const auto* text : {"CONFIG_A=y\nrm -rf /\n", "CONFIG_A=y\nCONFIG_B\n", "CONFIG_A=y\nCONFIG_B=\n",
                           "CONFIG_A=y\nCONFIG_X Y=y\n", "CONFIG_A=y\n=y\n"}) {
    const auto config = KernelConfig::parse(text, "shipped.config");
    ASSERT_FALSE(config) << text;
    EXPECT_NE(config.error().describe().find("shipped.config: line 2"), std::string::npos);
  }
}

TEST(KernelConfig, AnEmptyFileIsNoConfiguration) { EXPECT_FALSE(KernelConfig::parse("", "config")); }

TEST(ConfigDifferences, NoneBetweenEqualOptionsInAnotherOrder) {
  EXPECT_TRUE(differences(parsed("CONFIG_A=y\nCONFIG_B=m\n"), parsed("CONFIG_B=m\n# comment\nCONFIG_A=y\n")).empty());
}

TEST(ConfigDifferences, FindsChangedLostAndNewOptions) {
  const auto found = differences(parsed("CONFIG_SAME=y\nCONFIG_PAHOLE_VERSION=124\nCONFIG_BTF=y\n"),
                                 parsed("CONFIG_SAME=y\nCONFIG_PAHOLE_VERSION=125\n# CONFIG_NEW is not set\n"));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].option, "CONFIG_BTF");
  EXPECT_EQ(found[0].built, "(absent)");
  EXPECT_EQ(found[1].option, "CONFIG_NEW");
  EXPECT_EQ(found[1].shipped, "(absent)");
  EXPECT_EQ(found[2].shipped, "124");
  EXPECT_EQ(found[2].built, "125");
}

}  // namespace
}  // namespace suture::kit
