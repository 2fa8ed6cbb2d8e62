#include "builder/compile/compiler_warnings.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

std::vector<CompilerWarning> read(std::string_view said) {
  return compiler_warnings(said, [](std::string_view file) { return "kernel/" + std::string(file); });
}

// As GCC 12 prints it.
constexpr std::string_view said =
    "In file included from mm/b.h:3,\n"
    "                 from mm/a.c:1:\n"
    "mm/a.c: In function 'collapse':\n"
    "mm/a.c:7:31: warning: passing argument 2 of 'scan' makes integer from pointer without a cast [-Wint-conversion]\n"
    "    7 |   return scan(mm, address, &unmapped);\n"
    "      |                            ^~~~~~~~~\n"
    "mm/b.h:3:26: note: expected 'long unsigned int' but argument is of type 'int *'\n"
    "mm/a.c: At top level:\n"
    "mm/a.c:12:12: warning: 'unused' defined but not used [-Wunused-function]\n";

TEST(CompilerWarnings, HaveTheirFunctionAndWhatTheySay) {
  EXPECT_EQ(read(said),
            (std::vector<CompilerWarning>{
                {"kernel/mm/a.c", "", "'unused' defined but not used [-Wunused-function]"},
                {"kernel/mm/a.c", "collapse",
                 "passing argument 2 of 'scan' makes integer from pointer without a cast [-Wint-conversion]"}}));
}

TEST(CompilerWarnings, OfCodeThatWasInlinedBelongToWhatHoldsIt) {
  const auto warnings = read(
      "In function 'copy',\n"
      "    inlined from 'inner' at mm/a.c:10:3,\n"
      "    inlined from 'outer.part.0' at mm/a.c:20:3:\n"
      "mm/a.c:3:10: warning: writing 8 bytes into a region of size 4 [-Wstringop-overflow=]\n");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].function, "outer");
}

TEST(CompilerWarnings, ThatOnlyMovedAreNotNew) {
  const auto moved =
      read("mm/a.c: At top level:\nmm/a.c:99:1: warning: 'unused' defined but not used [-Wunused-function]\n");
  EXPECT_TRUE(new_warnings(read(said), moved).empty());
  EXPECT_EQ(new_warnings(moved, read(said)).size(), 1U);
}

TEST(CompilerWarnings, OfASecondPlaceAreNew) {
  const std::string once = "mm/a.c: In function 'f':\nmm/a.c:1:1: warning: unused variable 'i' [-Wunused-variable]\n";
  const auto twice = once + "mm/a.c:9:1: warning: unused variable 'i' [-Wunused-variable]\n";
  EXPECT_EQ(new_warnings(read(once), read(twice)), read(once));
}

// As the objtools of 6.1 and 6.12 print it.
TEST(CompilerWarnings, OfObjtoolHaveTheirFunctionAndNoOffsets) {
  EXPECT_EQ(
      objtool_warnings("/tmp/x/object.o: warning: objtool: copy.part.0+0x2a: return with UACCESS enabled\n"
                       "/tmp/x/object.o: warning: objtool: .text.unlikely+0x3: unreachable instruction\n"
                       "/tmp/x/object.o: warning: objtool: jump+0x9: can't find jump dest instruction at .text+0x40\n"
                       "/tmp/x/object.o: warning: objtool: notrack prefix found at .text.f:0x40\n"
                       "/tmp/x/object.o: warning: objtool: wide() is missing an ELF size annotation\n",
                       "mm/a.c"),
      (std::vector<CompilerWarning>{{"mm/a.c", "", "objtool: notrack prefix found at .text.f"},
                                    {"mm/a.c", "", "objtool: unreachable instruction"},
                                    {"mm/a.c", "", "objtool: wide() is missing an ELF size annotation"},
                                    {"mm/a.c", "copy", "objtool: return with UACCESS enabled"},
                                    {"mm/a.c", "jump", "objtool: can't find jump dest instruction at .text"}}));
  EXPECT_TRUE(objtool_warnings("mm/a.c:1:1: warning: unused variable 'i'\n", "mm/a.c").empty());
}

TEST(CompilerWarnings, OtherWordsAreNone) {
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(
      read("cc1: all warnings being treated as errors\nmm/a.o: warning: objtool: f()+0x3: unreachable\n").empty());
}

}  // namespace
}  // namespace suture::builder
