#include "lab/guest.h"

#include <gtest/gtest.h>

namespace suture::lab {
namespace {

constexpr auto dep =
    "net/8021q.ko: net/garp.ko net/stp.ko\nnet/garp.ko: net/stp.ko\nnet/stp.ko:\n"
    "net/uses_vlan.ko: net/8021q.ko net/garp.ko net/stp.ko\nblock/loop.ko:\n";

class ModulePlaces : public testing::Test {
 protected:
  ModulePlaces() { guest_patch_.patch.objects = {"8021q", "builtin", "vmlinux"}; }
  Status place() { return place_modules(guest_patch_, ShippedModules::parse(dep, "", "", "/m").value()); }
  using Names = std::vector<std::string>;
  GuestPatch guest_patch_;
};

TEST_F(ModulePlaces, PatchedModulesComeAfterTheLivePatch) {
  ASSERT_TRUE(place());
  EXPECT_EQ(guest_patch_.targets, Names{"8021q"});
  EXPECT_EQ(guest_patch_.early, Names{});
  EXPECT_EQ(guest_patch_.late, (Names{"stp", "garp", "8021q"}));
}

TEST_F(ModulePlaces, WhatScriptsAskForComesBeforeUnlessItNeedsAPatchedModule) {
  guest_patch_.before = Script{.modules = {"loop", "garp"}};
  guest_patch_.after = Script{.modules = {"uses_vlan"}};
  ASSERT_TRUE(place());
  EXPECT_EQ(guest_patch_.early, (Names{"loop", "stp", "garp"}));
  EXPECT_EQ(guest_patch_.late, (Names{"8021q", "uses_vlan"}));
}

TEST_F(ModulePlaces, TheReplacedLivePatchHasTargetsToo) {
  guest_patch_.over = LivePatch{.objects = {"loop"}};
  ASSERT_TRUE(place());
  EXPECT_EQ(guest_patch_.targets, (Names{"8021q", "loop"}));
}

TEST_F(ModulePlaces, AModuleThatIsNotShippedIsAnError) {
  guest_patch_.after = Script{.modules = {"no_such"}};
  const auto placed = place();
  ASSERT_FALSE(placed);
  EXPECT_NE(placed.error().message().find("no_such"), std::string::npos);
}

class ScriptFile : public testing::Test {
 protected:
  Result<Script> read(std::string_view text) {
    EXPECT_TRUE(write_text(directory_.path() / "before.sh", text));
    EXPECT_TRUE(write_text(directory_.path() / "helper", "I help"));
    return read_script(directory_.path() / "before.sh");
  }
  TempDir directory_ = TempDir::make().value();
};

TEST_F(ScriptFile, AsksForModulesAndForFilesBesideIt) {
  const auto script = read("# with: helper\n# modules: loop snd-hda-intel\n#modules: not this\n./helper\n").value();
  EXPECT_EQ(script.modules, (std::vector<std::string>{"loop", "snd_hda_intel"}));
  ASSERT_EQ(script.files.size(), 1U);
  EXPECT_EQ(script.files[0].first, "helper");
  EXPECT_EQ(as_text(script.files[0].second), "I help");
}

TEST_F(ScriptFile, CannotAskForFilesElsewhereOrThatAreNotThere) {
  EXPECT_FALSE(read("# with: ../../etc/passwd\n"));
  EXPECT_FALSE(read("# with: ..\n"));
  EXPECT_FALSE(read("# with: missing\n"));
}

}  // namespace
}  // namespace suture::lab
