#include "builder/live_patch_name.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

TEST(LivePatchName, IsNotThatOfTheModuleWhichTheFixIsNamedAfter) {
  EXPECT_EQ(default_name("fixes/minix.patch"), "livepatch_minix");
  EXPECT_EQ(default_name("st.diff"), "livepatch_st");
}

TEST(LivePatchName, IsOneThatTheKernelTakesWhateverTheFileIsCalled) {
  for (const auto* file : {"0001-Net: fix TCP (v2).patch", "\u00fcber.patch", ".patch", "livepatch-x.patch",
                           "a-name-that-goes-on-and-on-for-much-longer-than-any-module-name-may-be.patch"}) {
    EXPECT_TRUE(check_name(default_name(file))) << file;
  }
  EXPECT_EQ(default_name("livepatch-x.patch"), "livepatch_x");
}

TEST(LivePatchName, OfTheAuthorsOwnMustBeOneThatTheKernelTakes) {
  EXPECT_TRUE(check_name("level_2"));
  EXPECT_FALSE(check_name(""));
  EXPECT_FALSE(check_name("2nd"));
  EXPECT_FALSE(check_name("a-b"));
  EXPECT_FALSE(check_name("a/b"));
  EXPECT_FALSE(check_name(std::string(56, 'a')));
}

}  // namespace
}  // namespace suture::builder
