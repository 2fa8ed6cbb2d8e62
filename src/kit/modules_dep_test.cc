#include "kit/modules_dep.h"

#include <gtest/gtest.h>

namespace suture::kit {
namespace {

TEST(ModulesDep, FindsAModulesFileByEitherSpellingOfItsName) {
  const auto dep = ModulesDep::parse(
      "kernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko kernel/fs/mbcache.ko kernel/fs/jbd2/jbd2.ko\n"
      "kernel/sound/pci/snd-hda-intel.ko.xz:\n",
      "modules.dep");
  ASSERT_TRUE(dep) << dep.error().describe();
  EXPECT_EQ(*dep->path("ext4"), "kernel/fs/ext4/ext4.ko");
  EXPECT_EQ(*dep->path("snd-hda-intel"), "kernel/sound/pci/snd-hda-intel.ko.xz");
  EXPECT_EQ(*dep->path("snd_hda_intel"), "kernel/sound/pci/snd-hda-intel.ko.xz");
}

TEST(ModulesDep, SaysThatThereIsNoSuchModule) {
  const auto dep = ModulesDep::parse("kernel/fs/ext4/ext4.ko:\n", "modules.dep");
  ASSERT_TRUE(dep);
  ASSERT_FALSE(dep->path("nothing"));
  EXPECT_EQ(dep->path("nothing").error().describe(), "modules.dep: has no module nothing");
}

TEST(ModulesDep, NoticesThatTheFileIsCutShort) {
  EXPECT_FALSE(ModulesDep::parse("", "modules.dep"));
  EXPECT_FALSE(ModulesDep::parse("kernel/fs/ext4/ext4.ko: kernel/lib/crc", "modules.dep"));
}

TEST(ModulesDep, RefusesPathsThatLeaveTheTree) {
  for (const auto* text : {"/kernel/a.ko:\n", "kernel/../../a.ko:\n", "no colon\n", ": kernel/a.ko\n"}) {
    EXPECT_FALSE(ModulesDep::parse(text, "modules.dep")) << text;
  }
}

}  // namespace
}  // namespace suture::kit
