#include "agent/preflight/preflight.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"

namespace suture::agent {
namespace {

class PreflightTest : public ::testing::Test {
 protected:
  PreflightTest() { EXPECT_TRUE(make_directories(directory_.path() / "sys/kernel/livepatch")); }

  void file(const std::string& path, const std::string& text) {
    const auto whole = directory_.path() / path;
    EXPECT_TRUE(make_directories(whole.parent_path()));
    EXPECT_TRUE(write_text(whole, text));
  }
  std::vector<std::string> refusals() {
    const host::Root root(directory_.path());
    const Plan plan{.id = "1", .subject = "a level", .steps = {{"livepatch", {{"to", "livepatch_fix"}}}}};
    std::vector<std::string> codes;
    for (const auto& each : preflight(root, {}, {}, plan))
      if (each.refuses) codes.push_back(each.code);
    return codes;
  }
  bool is_refused_for(const std::string& code) { return std::ranges::count(refusals(), code) > 0; }

  TempDir directory_ = TempDir::make().value();
};

TEST_F(PreflightTest, AKernelThatNobodyElsePatchesIsNotRefusedForThat) {
  file("proc/modules", "ext4 1011712 1 - Live 0x0000000000000000\n");
  EXPECT_FALSE(is_refused_for("foreign-live-patch"));
}

TEST_F(PreflightTest, AKernelThatKernelCareOrKsplicePatchesIsRefused) {
  file("proc/modules", "kcare 208896 0 - Live 0x0000000000000000 (OE)\n");
  EXPECT_TRUE(is_refused_for("foreign-live-patch"));
  file("proc/modules", "ksplice_3xcbkm0q 20480 0 - Live 0x0000000000000000 (OE)\n");
  EXPECT_TRUE(is_refused_for("foreign-live-patch"));
}

TEST_F(PreflightTest, AnInstalledToolThatPatchesNothingIsNoReason) {
  file("proc/modules", "");
  file("usr/bin/kcarectl", "");
  EXPECT_FALSE(is_refused_for("foreign-live-patch"));
}

}  // namespace
}  // namespace suture::agent
