#include "builder/compare/data_callbacks.h"

#include <gtest/gtest.h>

#include "builder/fix/fix.h"

namespace suture::builder {
namespace {

const patch::InitialValue limit{.variable = "limit", .offset = 0, .size = 4, .before = "0x64", .after = "0xc8"};

TEST(DataCallbacks, AreADiffThatSutureReads) {
  const auto diff = data_callbacks("fs/pipe.c", "int limit = 200;\nint other;\n", {limit});
  const auto fix = parse_fix(diff, "limit.data-callbacks.patch");
  ASSERT_TRUE(fix) << fix.error().describe();
  ASSERT_EQ(fix->files.size(), 1U);
  EXPECT_TRUE(fix->files[0].hunks.starts_with("@@ -1,2 +1,")) << fix->files[0].hunks;
}

TEST(DataCallbacks, WriteTheNewValueAndPutTheOldOneBack) {
  const auto diff = data_callbacks("fs/pipe.c", "int limit = 200;\n", {limit});
  EXPECT_NE(diff.find("+SUTURE_WRITTEN(limit);\n"), std::string::npos) << diff;
  EXPECT_NE(diff.find("result = suture_replace((void *)&limit + 0, 4, 0x64, 0xc8);\n"), std::string::npos) << diff;
  EXPECT_NE(diff.find("+\tsuture_replace((void *)&limit + 0, 4, 0xc8, 0x64);\n"), std::string::npos) << diff;
}

TEST(DataCallbacks, AreNotOfferedForAFileThatEndsWithinALine) {
  EXPECT_EQ(data_callbacks("fs/pipe.c", "int limit = 200;", {limit}), "");
}

}  // namespace
}  // namespace suture::builder
