#include "builder/sources/shadow_links.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace suture::builder {
namespace {

// A source file that reads a header of its own directory, one far away, and many of the kernel's.
class ShadowLinks : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    directory_.emplace(std::move(*made));
    source_ = fs::canonical(directory_->path());
    for (int i = 0; i < 100; ++i) write(fmt::format("include/linux/h{}.h", i), "int h;\n");
    write("include/linux/top.h", "#include <linux/h1.h>\n");
    write("drivers/x/main.c", "#include <linux/top.h>\n#include \"local.h\"\n#include \"other.h\"\n");
    write("drivers/x/local.h", "#include \"../y/far.h\"\n");
    write("drivers/x/other.h", "#include <linux/h2.h>\n");
    write("drivers/y/far.h", "int far;\n");
    files_.back() = (source_ / "drivers/x/../y/far.h").string();
  }
  void write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(make_directories((source_ / path).parent_path()));
    ASSERT_TRUE(write_text(source_ / path, text));
    files_.push_back((source_ / path).string());
  }
  PatchedFile fixed(const std::string& path, const std::string& more) const {
    const auto original = read_text(source_ / path);
    EXPECT_TRUE(original);
    return {.path = path, .original = *original, .patched = *original + more};
  }
  std::vector<std::string> links(const PatchedFile& fix, Linked linked = Linked::needed) const {
    const auto found = files_to_link(source_, files_, {fix}, linked);
    EXPECT_TRUE(found);
    return found ? *found : std::vector<std::string>();
  }

  std::optional<TempDir> directory_;
  fs::path source_;
  std::vector<std::string> files_;
};

using Paths = std::vector<std::string>;

TEST_F(ShadowLinks, AFixedSourceNeedsWhatItIncludesWithQuotesAndNothingElse) {
  EXPECT_EQ(links(fixed("drivers/x/main.c", "int more;\n")),
            (Paths{"drivers/x/../y/far.h", "drivers/x/local.h", "drivers/x/main.c", "drivers/x/other.h"}));
}

TEST_F(ShadowLinks, AHeaderNeedsTheFilesThatLeadToItWithQuotes) {
  EXPECT_EQ(links(fixed("drivers/y/far.h", "int more;\n")),
            (Paths{"drivers/x/../y/far.h", "drivers/x/local.h", "drivers/x/main.c", "drivers/x/other.h"}));
}

TEST_F(ShadowLinks, AHeaderOfTheSearchDirectoriesNeedsNothing) {
  EXPECT_EQ(links(fixed("include/linux/h1.h", "int more;\n")), Paths{"include/linux/h1.h"});
}

TEST_F(ShadowLinks, WhatTheFixNewlyIncludesIsNeeded) {
  ASSERT_TRUE(write_text(source_ / "drivers/y/new.h", "#include \"far.h\"\n"));
  const auto found = links(fixed("drivers/x/other.h", "#include \"../y/new.h\"\n"));
  EXPECT_NE(std::ranges::find(found, "drivers/x/../y/new.h"), found.end());
  EXPECT_NE(std::ranges::find(found, "drivers/x/../y/far.h"), found.end());
}

TEST_F(ShadowLinks, AnIncludeWhoseNameAMacroMakesNeedsEverything) {
  EXPECT_EQ(links(fixed("drivers/x/other.h", "#define NAME top.h\n#include TEXT(NAME)\n")).size(), files_.size());
}

TEST_F(ShadowLinks, AllIsWhatTheCompileReads) {
  EXPECT_EQ(links(fixed("include/linux/h1.h", "int more;\n"), Linked::all).size(), files_.size());
}

}  // namespace
}  // namespace suture::builder
