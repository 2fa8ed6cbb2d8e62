#include "builder/fix/apply.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

std::string numbers(int last, const std::function<std::string(int)>& line = nullptr) {
  std::string text;
  for (int i = 1; i <= last; ++i) text += (line ? line(i) : std::to_string(i)) + "\n";
  return text;
}

constexpr std::string_view change_20 = "@@ -18,5 +18,5 @@\n 18\n 19\n-20\n+twenty\n 21\n 22\n";

class Apply : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    tree_.emplace(std::move(*made));
    ASSERT_TRUE(make_directories(tree_->path() / "fs"));
  }
  void write(const std::string& path, const std::string& text) { ASSERT_TRUE(write_text(tree_->path() / path, text)); }

  AppliedFix apply(const std::string& diff) { return apply_all({diff}); }
  AppliedFix apply_all(const std::vector<std::string>& diffs) {
    std::vector<Fix> fixes;
    for (const auto& diff : diffs) {
      auto fix = parse_fix(diff, fmt::format("fix{}.diff", fixes.size() + 1));
      EXPECT_TRUE(fix) << fix.error().describe();
      if (fix) fixes.push_back(std::move(*fix));
    }
    auto applied = apply_fixes(fixes, tree_->path());
    EXPECT_TRUE(applied) << applied.error().describe();
    return applied ? *applied : AppliedFix{};
  }
  static std::string diff_of(const std::string& path, std::string_view hunks) {
    return fmt::format("--- a/{0}\n+++ b/{0}\n{1}", path, hunks);
  }

  std::optional<TempDir> tree_;
};

TEST_F(Apply, ChangesACopyAndLeavesTheSourceAlone) {
  write("fs/a.c", numbers(40));
  const auto applied = apply(diff_of("fs/a.c", change_20));
  ASSERT_EQ(applied.files.size(), 1U);
  EXPECT_TRUE(applied.refusals.empty());
  EXPECT_TRUE(applied.warnings.empty());
  EXPECT_EQ(applied.files[0].original, numbers(40));
  EXPECT_EQ(applied.files[0].patched, numbers(40, [](int i) { return i == 20 ? "twenty" : std::to_string(i); }));
  EXPECT_EQ(*read_text(tree_->path() / "fs/a.c"), numbers(40));
}

TEST_F(Apply, SaysWhichHunkHasMoved) {
  write("fs/a.c", "new\n" + numbers(40));
  const auto applied = apply(diff_of("fs/a.c", change_20));
  ASSERT_EQ(applied.warnings.size(), 1U);
  EXPECT_EQ(applied.warnings[0].code, "moved-hunk");
  EXPECT_EQ(applied.warnings[0].reason, "Hunk #1 succeeded at 19 (offset 1 line).");
}

TEST_F(Apply, TwoFixesOfOneFileAreMerged) {
  write("fs/a.c", numbers(40));
  const auto applied = apply_all({diff_of("fs/a.c", "@@ -3,1 +3,2 @@\n-3\n+three\n+and a half\n"),  //
                                  diff_of("fs/a.c", change_20)});
  EXPECT_TRUE(applied.refusals.empty());
  EXPECT_TRUE(applied.warnings.empty()) << "the second moved only because of the first";
  ASSERT_EQ(applied.files.size(), 1U);
  EXPECT_NE(applied.files[0].patched.find("three\nand a half\n"), std::string::npos);
  EXPECT_NE(applied.files[0].patched.find("twenty\n"), std::string::npos);
}

TEST_F(Apply, AFixThatIsGivenTwiceIsAppliedOnce) {
  write("fs/a.c", numbers(40));
  const auto applied = apply_all({diff_of("fs/a.c", change_20), diff_of("fs/a.c", change_20)});
  EXPECT_TRUE(applied.refusals.empty());
  ASSERT_EQ(applied.warnings.size(), 1U);
  EXPECT_EQ(applied.warnings[0].code, "already-applied");
}

TEST_F(Apply, RefusesTwoFixesThatChangeTheSameLineDifferently) {
  write("fs/a.c", numbers(40));
  const auto applied =
      apply_all({diff_of("fs/a.c", change_20), diff_of("fs/a.c", "@@ -19,3 +19,3 @@\n 19\n-20\n+XX\n 21\n")});
  ASSERT_EQ(applied.refusals.size(), 1U);
  EXPECT_EQ(applied.refusals[0].code, "conflicting-fixes");
  EXPECT_NE(applied.refusals[0].reason.find("fix2.diff"), std::string::npos);
}

TEST_F(Apply, AFixMayChangeAFileThatAnEarlierOneAdds) {
  write("fs/a.c", numbers(40));
  const auto applied = apply_all(
      {"--- /dev/null\n+++ b/fs/b.c\n@@ -0,0 +1,1 @@\n+one\n", diff_of("fs/b.c", "@@ -1,1 +1,1 @@\n-one\n+two\n")});
  EXPECT_TRUE(applied.refusals.empty());
  ASSERT_EQ(applied.files.size(), 1U);
  EXPECT_EQ(applied.files[0].patched, "two\n");
}

TEST_F(Apply, SaysWhichHunkMatchedWithFuzz) {
  write("fs/a.c", numbers(40, [](int i) { return i == 18 ? "other" : std::to_string(i); }));
  const auto applied = apply(diff_of("fs/a.c", "@@ -17,7 +17,7 @@\n 17\n 18\n 19\n-20\n+twenty\n 21\n 22\n 23\n"));
  EXPECT_TRUE(applied.refusals.empty());
  ASSERT_EQ(applied.warnings.size(), 1U);
  EXPECT_NE(applied.warnings[0].reason.find("fuzz"), std::string::npos);
}

TEST_F(Apply, RefusesAHunkThatDoesNotFitAndNamesIt) {
  write("fs/a.c", numbers(40, [](int i) { return i == 20 ? "other" : std::to_string(i); }));
  const auto applied = apply(diff_of("fs/a.c", std::string("@@ -3,1 +3,1 @@\n-3\n+three\n") + std::string(change_20)));
  ASSERT_EQ(applied.refusals.size(), 1U);
  EXPECT_EQ(applied.refusals[0].code, "does-not-apply");
  EXPECT_EQ(applied.refusals[0].place, "fs/a.c:18");
  EXPECT_NE(applied.refusals[0].reason.find("hunk 2"), std::string::npos);
}

TEST_F(Apply, RefusesAFixThatTheSourceAlreadyHas) {
  write("fs/a.c", numbers(40, [](int i) { return i == 20 ? "twenty" : std::to_string(i); }));
  const auto applied = apply(diff_of("fs/a.c", change_20));
  ASSERT_EQ(applied.refusals.size(), 1U);
  EXPECT_EQ(applied.refusals[0].code, "already-applied");
}

TEST_F(Apply, RefusesAFileThatIsNotThere) {
  const auto applied = apply(diff_of("fs/missing.c", change_20));
  ASSERT_EQ(applied.refusals.size(), 1U);
  EXPECT_EQ(applied.refusals[0].code, "does-not-apply");
  EXPECT_EQ(applied.refusals[0].place, "fs/missing.c");
}

TEST_F(Apply, TwoMailsOfASeriesChangeOneFileInTurn) {
  write("fs/a.c", numbers(40));
  const auto applied =
      apply(diff_of("fs/a.c", change_20) + diff_of("fs/a.c", "@@ -19,3 +19,3 @@\n 19\n-twenty\n+20 again\n 21\n"));
  ASSERT_EQ(applied.files.size(), 1U);
  EXPECT_NE(applied.files[0].patched.find("20 again"), std::string::npos);
}

TEST_F(Apply, AddsANewHeader) {
  const auto applied = apply("--- /dev/null\n+++ b/fs/new.h\n@@ -0,0 +1,2 @@\n+one\n+two\n");
  ASSERT_EQ(applied.files.size(), 1U);
  EXPECT_TRUE(applied.files[0].created);
  EXPECT_EQ(applied.files[0].patched, "one\ntwo\n");
}

TEST_F(Apply, RefusesRemovedRenamedAndBinaryFiles) {
  const auto applied = apply(
      "--- a/fs/a.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n"
      "diff --git a/fs/b.c b/fs/c.c\nrename from fs/b.c\nrename to fs/c.c\n"
      "diff --git a/fs/d.c b/fs/d.c\nGIT binary patch\nliteral 1\n");
  ASSERT_EQ(applied.refusals.size(), 3U);
  EXPECT_EQ(applied.refusals[0].code, "removed-file");
  EXPECT_EQ(applied.refusals[1].code, "renamed-file");
  EXPECT_EQ(applied.refusals[2].code, "binary-file");
}

TEST_F(Apply, LeavesOutDocumentationSilentlyAndOtherArchitecturesNot) {
  write("fs/a.c", numbers(40));
  const auto applied = apply(diff_of("Documentation/x.rst", change_20) + diff_of("arch/arm/mm/a.c", change_20) +
                             diff_of("fs/a.c", change_20));
  EXPECT_EQ(applied.files.size(), 1U);
  EXPECT_TRUE(applied.refusals.empty());
  ASSERT_EQ(applied.warnings.size(), 1U);
  EXPECT_EQ(applied.warnings[0].code, "foreign-architecture");
}

}  // namespace
}  // namespace suture::builder
