#include "lab/accelerator.h"

#include <gtest/gtest.h>

namespace suture::lab {
namespace {

class KvmProbe : public testing::Test {
 protected:
  Result<bool> ask(const std::string& machine_boot, bool answer) {
    return remembered(directory_.path() / "cache", machine_boot, [&]() -> Result<bool> {
      ++probes_;
      return answer;
    });
  }
  TempDir directory_ = TempDir::make().value();
  int probes_ = 0;
};

TEST_F(KvmProbe, IsMadeOncePerMachineBoot) {
  EXPECT_EQ(ask("boot-1", false).value(), false);
  EXPECT_EQ(ask("boot-1", true).value(), false);
  EXPECT_EQ(probes_, 1);
  EXPECT_EQ(ask("boot-2", true).value(), true);
  EXPECT_EQ(ask("boot-2", false).value(), true);
  EXPECT_EQ(probes_, 2);
}

TEST_F(KvmProbe, IsMadeAgainWhenTheRememberedAnswerIsDamaged) {
  EXPECT_EQ(ask("boot-1", true).value(), true);
  for (const auto* damaged : {"", "boot-1 wor", "boot-1", "boot-1 works\nboot-1 does not work\n"}) {
    ASSERT_TRUE(write_text(directory_.path() / "cache" / "kvm", damaged));
    EXPECT_EQ(ask("boot-1", false).value(), false);
  }
  EXPECT_EQ(probes_, 5);
}

TEST_F(KvmProbe, ThatCouldNotBeMadeIsNotRemembered) {
  const auto cache = directory_.path() / "cache";
  EXPECT_FALSE(remembered(cache, "boot-1", []() -> Result<bool> { return fail("no busybox"); }));
  EXPECT_EQ(ask("boot-1", true).value(), true);
}

}  // namespace
}  // namespace suture::lab
