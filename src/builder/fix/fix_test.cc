#include "builder/fix/fix.h"

#include <gtest/gtest.h>

#include <set>

namespace suture::builder {
namespace {

constexpr std::string_view mail = R"(From 0123456789abcdef Mon Sep 17 00:00:00 2001
From: Ann Example <ann@example.org>
Date: Tue, 3 Nov 2026 10:00:00 +0100
Subject: [PATCH 6.1 1/2] tcp: do not count twice

This is CVE-2026-12345 and also CVE-2025-1234, not CVE-12 or XCVE-2026-.

--- a note that looks like a header
+++ but has no hunk
Signed-off-by: Ann Example <ann@example.org>
---
 net/ipv4/tcp.c | 2 +-

diff --git a/net/ipv4/tcp.c b/net/ipv4/tcp.c
index 111..222 100644
--- a/net/ipv4/tcp.c
+++ b/net/ipv4/tcp.c
@@ -10,3 +10,3 @@ void tcp(void)
 {
--- old;
+++ new;
 }
-- 
2.39.2

)";

std::function<bool(const std::string&)> tree(std::set<std::string> files) {
  return [files = std::move(files)](const std::string& path) { return files.contains(path); };
}

TEST(Fix, AMailGivesItsMetadataAndOnlyItsHunks) {
  const auto fix = parse_fix(mail, "fix.patch");
  ASSERT_TRUE(fix) << fix.error().describe();
  EXPECT_EQ(fix->author, "Ann Example <ann@example.org>");
  EXPECT_EQ(fix->subject, "tcp: do not count twice");
  EXPECT_EQ(fix->cves, (std::vector<std::string>{"CVE-2025-1234", "CVE-2026-12345"}));
  ASSERT_EQ(fix->files.size(), 1U);
  EXPECT_EQ(fix->files[0].hunks, "@@ -10,3 +10,3 @@ void tcp(void)\n {\n--- old;\n+++ new;\n }\n");
}

TEST(Fix, GitPrefixesAreDroppedEvenIfTheFileIsUnknown) {
  auto fix = parse_fix(mail, "fix.patch");
  ASSERT_TRUE(fix);
  ASSERT_TRUE(resolve_paths(*fix, tree({"tcp.c"})));
  EXPECT_EQ(fix->files[0].path, "net/ipv4/tcp.c");
}

TEST(Fix, DirectoriesBeforeTheTreeAreDroppedByWhatExists) {
  auto fix = parse_fix(
      "--- /trees/old/fs/a.c\t2026-01-01 00:00:00.0 +0000\n"
      "+++ /trees/new/fs/a.c\t2026-01-02 00:00:00.0 +0000\n"
      "@@ -1 +1 @@\n-a\n+b\n"
      "--- /trees/old/fs/proc/b.c\n+++ /trees/new/fs/proc/b.c\n@@ -1 +1 @@\n-a\n+b\n",
      "fix.diff");
  ASSERT_TRUE(fix);
  ASSERT_TRUE(resolve_paths(*fix, tree({"fs/a.c", "fs/proc/b.c", "a.c"})));
  EXPECT_EQ(fix->files[0].path, "fs/a.c");
  EXPECT_EQ(fix->files[1].path, "fs/proc/b.c");
}

TEST(Fix, ABackupSuffixIsNotTakenForTheFile) {
  auto fix = parse_fix("--- fs/a.c.orig\n+++ fs/a.c\n@@ -1 +1 @@\n-a\n+b\n", "fix.diff");
  ASSERT_TRUE(fix);
  ASSERT_TRUE(resolve_paths(*fix, tree({"fs/a.c"})));
  EXPECT_EQ(fix->files[0].path, "fs/a.c");
}

TEST(Fix, APathThatLeavesTheTreeIsAnError) {
  for (const char* name : {"a/../../etc/passwd", "a/fs//x.c", "a/./x.c", "a/"}) {
    auto fix = parse_fix(fmt::format("--- {}\n+++ b{}\n@@ -1 +1 @@\n-a\n+b\n", name, name + 1), "fix.diff");
    ASSERT_TRUE(fix);
    const auto resolved = resolve_paths(*fix, [](const std::string&) { return true; });
    ASSERT_FALSE(resolved) << name;
    EXPECT_NE(resolved.error().describe().find("fix.diff:1"), std::string::npos) << resolved.error().describe();
  }
}

TEST(Fix, NewRemovedRenamedAndBinaryFilesAreToldApart) {
  const auto fix = parse_fix(
      "diff --git a/new.h b/new.h\nnew file mode 100644\n--- /dev/null\n+++ b/new.h\n@@ -0,0 +1 @@\n+x\n"
      "diff --git a/old.c b/old.c\ndeleted file mode 100644\n--- a/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
      "diff --git a/a.c b/b.c\nsimilarity index 100%\nrename from a.c\nrename to b.c\n"
      "diff --git a/f.bin b/f.bin\nGIT binary patch\nliteral 3\nabc\n"
      "diff --git a/run.c b/run.c\nold mode 100644\nnew mode 100755\n",
      "fix.diff");
  ASSERT_TRUE(fix) << fix.error().describe();
  ASSERT_EQ(fix->files.size(), 4U);
  EXPECT_EQ(fix->files[0].kind, FileDiff::Kind::create);
  EXPECT_EQ(fix->files[1].kind, FileDiff::Kind::remove);
  EXPECT_EQ(fix->files[2].kind, FileDiff::Kind::rename);
  EXPECT_EQ(fix->files[2].new_name, "b/b.c");
  EXPECT_EQ(fix->files[3].kind, FileDiff::Kind::binary);
}

TEST(Fix, MailersThatDropSpacesAndAddCarriageReturnsAreForgiven) {
  const auto fix = parse_fix("--- a/x.c\r\n+++ b/x.c\r\n@@ -1,3 +1,3 @@\r\n a\r\n\r\n-b\r\n+c\r\n", "fix.diff");
  ASSERT_TRUE(fix) << fix.error().describe();
  EXPECT_EQ(fix->files[0].hunks, "@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n");
}

TEST(Fix, AFileWithoutNewlineAtItsEndKeepsTheMark) {
  const std::string hunks = "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n";
  const auto fix = parse_fix("--- a/x.c\n+++ b/x.c\n" + hunks, "fix.diff");
  ASSERT_TRUE(fix) << fix.error().describe();
  EXPECT_EQ(fix->files[0].hunks, hunks);
}

TEST(Fix, DamagedDiffsAreErrorsThatNameTheLine) {
  const std::string header = "--- a/x.c\n+++ b/x.c\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "no unified diff"},
      {"just words\n", "no unified diff"},
      {header + "@@ -1,3 +1,3 @@\n a\n", "x.diff:3: the diff ends within this hunk"},
      {header + "@@ -1,2 +1,2 @@\n a\nbroken\n", "x.diff:5: does not fit the hunk that begins in line 3"},
      {header + "@@ -1 +1 @@\n+a\n+b\n", "x.diff:5: does not fit"},
      {header + "@@ -x +1 @@\n", "x.diff:3: is not a hunk's header"},
      {header + "@@ -1,99999999999999999999999 +1 @@\n", "x.diff:3: is not a hunk's header"},
      {"*** a/x.c\n--- b/x.c\n***************\n*** 1,2 ****\n", "x.diff:3: is a context diff"},
      {"--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n", "x.diff:1: names no file"},
  };
  for (const auto& [text, expected] : cases) {
    const auto fix = parse_fix(text, "x.diff");
    ASSERT_FALSE(fix) << text;
    EXPECT_NE(fix.error().describe().find(expected), std::string::npos) << fix.error().describe();
  }
}

}  // namespace
}  // namespace suture::builder
