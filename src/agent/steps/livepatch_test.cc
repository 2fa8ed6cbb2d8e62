#include <gtest/gtest.h>

#include "agent/steps/steps.h"
#include "base/file.h"

namespace suture::agent {
namespace {

/// A host whose kernel says this of its live patches; the step goes from level_1 to level_2.
class LivePatchStep : public ::testing::Test {
 protected:
  void says(const std::string& name, const std::string& enabled, const std::string& transition) {
    const auto there = directory_.path() / "sys/kernel/livepatch" / name;
    ASSERT_TRUE(make_directories(there));
    ASSERT_TRUE(write_text(there / "enabled", enabled));
    ASSERT_TRUE(write_text(there / "transition", transition));
  }
  bool is_settled() {
    const host::Root root(directory_.path());
    const StepSpec spec{"livepatch",
                        {{"to", "level_2"},
                         {"file", "2.ko"},
                         {"sha256", std::string(64, 'a')},
                         {"from", "level_1"},
                         {"from_file", "1.ko"},
                         {"from_sha256", std::string(64, 'b')},
                         {"back", "replace"}}};
    return make_livepatch_step(spec, root).value()->is_settled().value();
  }

  TempDir directory_ = TempDir::make().value();
};

TEST_F(LivePatchStep, IsNotSettledWhileTheOneThatWasReplacedIsStillThere) {
  // The transition ended between two looks: the first saw what was replaced, still enabled, the other what replaced it.
  says("level_2", "1\n", "0\n");
  says("level_1", "1\n", "0\n");
  EXPECT_FALSE(is_settled());
}

TEST_F(LivePatchStep, IsSettledWhenOneIsThereAndItsTransitionIsOver) {
  says("level_1", "1\n", "1\n");
  EXPECT_FALSE(is_settled());
  says("level_1", "1\n", "0\n");
  EXPECT_TRUE(is_settled());
}

}  // namespace
}  // namespace suture::agent
