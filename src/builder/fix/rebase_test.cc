#include "builder/fix/rebase.h"

#include <gtest/gtest.h>

#include <optional>

namespace suture::builder {
namespace {

constexpr std::string_view fix = "--- a/fs/a.c\n+++ b/fs/a.c\n@@ -2,3 +2,3 @@\n two\n-three\n+THREE\n four\n";

class Rebase : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    directory_.emplace(std::move(*made));
    write("fix.patch", fix);
    write("from/fs/a.c", "one\ntwo\nthree\nfour\nfive\n");
  }
  void write(const std::string& path, std::string_view text) {
    const auto file = directory_->path() / path;
    ASSERT_TRUE(make_directories(file.parent_path()));
    ASSERT_TRUE(write_text(file, text));
  }
  RebaseReport rebase_to(std::string_view text) {
    write("to/fs/a.c", text);
    auto report = rebase(path("fix.patch"), path("from"), path("to"));
    EXPECT_TRUE(report) << report.error().describe();
    return report ? *report : RebaseReport{};
  }
  fs::path path(const std::string& name) const { return directory_->path() / name; }

  std::optional<TempDir> directory_;
};

TEST_F(Rebase, SaysThatNothingMovedWhereTheSourceIsTheSame) {
  const auto report = rebase_to("one\ntwo\nthree\nfour\nfive\n");
  EXPECT_EQ(report.outcome, "applies");
  ASSERT_EQ(report.files.size(), 1U);
  EXPECT_EQ(report.files[0].state, "unchanged");
}

TEST_F(Rebase, SaysWhichHunkMovedAndWritesItsNewPlace) {
  const auto report = rebase_to("zero\none\ntwo\nthree\nfour\nfive\n");
  EXPECT_EQ(report.outcome, "applies");
  ASSERT_EQ(report.files.size(), 1U);
  EXPECT_EQ(report.files[0].state, "moved");
  EXPECT_EQ(report.files[0].moved, std::vector<std::string>{"Hunk #1 succeeded at 3 (offset 1 line)."});
  EXPECT_NE(report.diff.find("--- a/fs/a.c\n+++ b/fs/a.c\n@@ -1,6 +1,6 @@\n"), std::string::npos) << report.diff;
}

TEST_F(Rebase, KeepsTheDescription) {
  write("fix.patch",
        "Subject: [PATCH] three\n\nCVE-2026-12345\n---\ndiff --git a/fs/a.c b/fs/a.c\n" + std::string(fix));
  EXPECT_TRUE(rebase_to("one\ntwo\nthree\nfour\n")
                  .diff.starts_with("Subject: [PATCH] three\n\nCVE-2026-12345\n---\n--- a/fs/a.c\n"));
}

TEST_F(Rebase, AChangeElsewhereInTheFileLeavesTheFixInPlace) {
  EXPECT_EQ(rebase_to("one\ntwo\nthree\nfour\nfive\nsix\n").files[0].state, "in place");
}

TEST_F(Rebase, AFixThatTheKernelHasIsNotNeeded) {
  EXPECT_EQ(rebase_to("one\ntwo\nTHREE\nfour\nfive\n").outcome, "already applied");
}

TEST_F(Rebase, AFixThatDoesNotFitIsRefusedWithItsPlace) {
  const auto report = rebase_to("one\ntwo\n3\nfour\nfive\n");
  EXPECT_EQ(report.outcome, "refused");
  ASSERT_EQ(report.refusals.size(), 1U);
  EXPECT_EQ(report.refusals[0].place, "fs/a.c:2");
  EXPECT_TRUE(report.diff.empty());
}

TEST_F(Rebase, FailsIfTheFixIsNotForTheFirstKernel) {
  write("from/fs/a.c", "nothing of it\n");
  write("to/fs/a.c", "nothing of it\n");
  EXPECT_FALSE(rebase(path("fix.patch"), path("from"), path("to")));
}

}  // namespace
}  // namespace suture::builder
