#include "base/process.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace suture {
namespace {

TEST(Process, GivesInputAndCollectsBothOutputs) {
  const auto finished = run({.argv = {"sh", "-c", "cat; echo oops >&2; exit 3"}, .input = "hello"});
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->output, "hello");
  EXPECT_EQ(finished->errors, "oops\n");
  EXPECT_EQ(finished->exit_code, 3);
}

TEST(Process, AMissingProgramIsAnErrorThatNamesIt) {
  const auto finished = run({.argv = {"no-such-program"}});
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().describe().find("no-such-program"), std::string::npos);
}

TEST(Process, OnTimeoutTheWholeGroupIsKilled) {
  const auto finished = run({.argv = {"sh", "-c", "sleep 1000 & wait"}, .timeout = std::chrono::milliseconds(50)});
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->timed_out);
}

TEST(Process, OneThatFallsSilentIsEndedAndWhatItSaidIsKept) {
  const auto finished =
      run({.argv = {"sh", "-c", "echo alive; sleep 1000"}, .silence = std::chrono::milliseconds(500)});
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->timed_out);
  EXPECT_EQ(finished->output, "alive\n");
}

TEST(Process, InputThatNobodyReadsDoesNotKillUs) {
  const auto finished = run({.argv = {"true"}, .input = std::string(1 << 20, 'x')});
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->ok());
}

TEST(Process, ACleanEnvironmentKeepsOutWhatWouldChangeABuild) {
  ::setenv("KCFLAGS", "-O0", 1);
  const auto finished = run(
      {.argv = {"sh", "-c", "echo $KCFLAGS$ADDED"}, .environment = {{"ADDED", "added"}}, .inherit_environment = false});
  ::unsetenv("KCFLAGS");
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->output, "added\n");
}

}  // namespace
}  // namespace suture
