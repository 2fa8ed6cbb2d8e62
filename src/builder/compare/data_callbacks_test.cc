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

TEST(DataCallbacks, WaitForWhoRunsNewFunctionsBeforeTheyMayBeUnloaded) {
  const patch::InitialValue vet{.variable = "type",
                                .offset = 16,
                                .size = 8,
                                .before = "0x0",
                                .after = "(unsigned long)&vet",
                                .leads_to_new_code = true};
  auto free = vet;
  free.offset = 24;
  const auto diff = data_callbacks("fs/pipe.c", "int limit = 200;\n", {vet, free});
  const auto put_back = diff.find("suture_replace((void *)&type + 24, 8, (unsigned long)&vet, 0x0);\n");
  ASSERT_NE(put_back, std::string::npos) << diff;
  EXPECT_NE(diff.find("synchronize_rcu_tasks();", put_back), std::string::npos) << diff;
  EXPECT_EQ(diff.find("SUTURE_WRITTEN(type);"), diff.rfind("SUTURE_WRITTEN(type);")) << diff;
  EXPECT_EQ(data_callbacks("fs/pipe.c", "int limit = 200;\n", {limit}).find("synchronize"), std::string::npos);
}

TEST(DataCallbacks, AreNotOfferedForAFileThatEndsWithinALine) {
  EXPECT_EQ(data_callbacks("fs/pipe.c", "int limit = 200;", {limit}), "");
}

}  // namespace
}  // namespace suture::builder
