#include "builder/fix/line_marks.h"
#include "base/words.h"

#include <gtest/gtest.h>

#include <map>

#include "base/process.h"

namespace suture::builder {
namespace {

std::string marked(const std::string& original, const std::string& patched) {
  const auto changes = find_changes(original, patched);
  EXPECT_TRUE(changes) << changes.error().describe();
  return changes ? keep_line_numbers(patched, *changes) : std::string();
}

// Runs the preprocessor: what __LINE__ is on each line "NAME __LINE__".
std::map<std::string, std::string> line_numbers(const std::string& text, const std::string& define) {
  const auto finished = run({.argv = {"cc", "-E", "-P", "-x", "c", define, "-"}, .input = text});
  EXPECT_TRUE(finished && finished->ok());
  std::map<std::string, std::string> numbers;
  for (const auto line : lines_of(finished->output)) {
    const auto space = line.find(' ');
    if (space != std::string_view::npos) numbers[std::string(line.substr(0, space))] = line.substr(space + 1);
  }
  return numbers;
}

TEST(LineMarks, ChangesEndWhereLinesAreTheSameAgain) {
  const auto changes = find_changes("a\nb\nc\nd\ne\n", "a\nB1\nB2\nc\ne\n");
  ASSERT_TRUE(changes) << changes.error().describe();
  EXPECT_EQ(*changes, (std::vector<SameAgain>{{3, 4}, {5, 5}}));
}

TEST(LineMarks, AnAddedLineIsFollowedByTheOldNumber) {
  EXPECT_EQ(marked("a;\nb;\n", "a;\nnew;\nb;\n"), "a;\nnew;\n#line 2\nb;\n");
}

TEST(LineMarks, ARemovedLineToo) { EXPECT_EQ(marked("a;\nb;\nc;\n", "a;\nc;\n"), "a;\n#line 3\nc;\n"); }

TEST(LineMarks, AChangeThatKeepsTheCountNeedsNoMark) { EXPECT_EQ(marked("a;\nb;\n", "x;\nb;\n"), "x;\nb;\n"); }

TEST(LineMarks, ChangesThatCancelOutAreMarkedTwice) {
  EXPECT_EQ(marked("a;\nb;\nc;\nd;\n", "a;\nnew;\nb;\nd;\n"), "a;\nnew;\n#line 2\nb;\n#line 4\nd;\n");
}

TEST(LineMarks, AChangeAtTheEndNeedsNone) { EXPECT_EQ(marked("a;\n", "a;\nnew;\n"), "a;\nnew;\n"); }

TEST(LineMarks, NeverWithinAComment) {
  EXPECT_EQ(marked("/* a\n b\n*/\nc;\n", "/* a\n new\n b\n*/\nc;\n"), "/* a\n new\n b\n*/\n#line 4\nc;\n");
}

TEST(LineMarks, NeverWithinAMacroThatIsContinued) {
  EXPECT_EQ(marked("#define M \\\n a; \\\n b\nc;\n", "#define M \\\n new; \\\n a; \\\n b\nc;\n"),
            "#define M \\\n new; \\\n a; \\\n b\n#line 4\nc;\n");
}

TEST(LineMarks, NeverWithinParentheses) {
  EXPECT_EQ(marked("f(a,\n  b);\nc;\n", "f(a,\n  new,\n  b);\nc;\n"), "f(a,\n  new,\n  b);\n#line 3\nc;\n");
}

TEST(LineMarks, NeverBetweenANameAndItsArguments) {
  EXPECT_EQ(marked("MACRO\n(a)\nc;\n", "new;\nMACRO\n(a)\nc;\n"), "new;\n#line 1\nMACRO\n(a)\nc;\n");
  EXPECT_EQ(marked("OLD\n(a)\nc;\n", "two;\nMACRO\n(a)\nc;\n"), "two;\nMACRO\n(a)\n#line 3\nc;\n");
}

TEST(LineMarks, ParenthesesInLiteralsAndCommentsDoNotCount) {
  EXPECT_EQ(marked("a;\nb;\n", "p(\"\\\"(\"); /* ( */ q('('); // (\na;\nb;\n"),
            "p(\"\\\"(\"); /* ( */ q('('); // (\n#line 1\na;\nb;\n");
}

TEST(LineMarks, BranchesThatShareAnArgumentListAreCountedOnce) {
  const std::string head = "#ifdef A\nif (f(\n#else\nif (g(\n#endif\nx))\n{\n";
  EXPECT_EQ(marked(head + "a;\n", head + "new;\na;\n"), head + "new;\n#line 8\na;\n");
}

TEST(LineMarks, ATextThatNumbersItsLinesIsLeftAlone) {
  EXPECT_EQ(marked("#line 7 \"x.y\"\na;\nb;\n", "#line 7 \"x.y\"\na;\nnew;\nb;\n"), "#line 7 \"x.y\"\na;\nnew;\nb;\n");
}

TEST(LineMarks, NumbersHoldWhicheverBranchIsCompiled) {
  const std::string original =
      "first __LINE__\n#ifdef A\n;\none __LINE__\n#ifdef NEVER\n;\n#endif\ntwo __LINE__\n#else\nthree __LINE__\n"
      "#endif\nlast __LINE__\n";
  const std::string patched =
      "first __LINE__\n#ifdef A\n;\n;\none __LINE__\n#ifdef NEVER\n;\n;\n;\n#endif\ntwo __LINE__\n#else\n;\nthree "
      "__LINE__\n#endif\nlast __LINE__\n";
  for (const std::string define : {"-DA", "-DB"}) {
    const auto expected = line_numbers(original, define);
    EXPECT_GE(expected.size(), 3U);
    EXPECT_NE(line_numbers(patched, define), expected);
    EXPECT_EQ(line_numbers(marked(original, patched), define), expected) << define;
  }
}

}  // namespace
}  // namespace suture::builder
