#include "builder/sources/shadow_tree.h"

#include <gtest/gtest.h>

#include "base/process.h"

namespace suture::builder {
namespace {

// A tree with the ways in which kernel sources include one another. Every header prints where it is
// and whether it is the fixed one; the compile is only preprocessing.
class Shadow : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    directory_.emplace(std::move(*made));
    source_ = fs::canonical(directory_->path());
    write("include/linux/a.h", "from a: __FILE__ old\n");
    write("include/linux/b.h", "#include <linux/a.h>\nfrom b: __FILE__\n");
    write("drivers/x/local.h", "from local: __FILE__ old\n");
    write("drivers/y/far.h", "#include \"near.h\"\nfrom far: __FILE__ old\n");
    write("drivers/y/near.h", "from near: __FILE__ old\n");
    write("drivers/y/extra.h", "#include \"near.h\"\nfrom extra: __FILE__\n");
    write("drivers/x/main.c",
          "#include <linux/b.h>\n#include \"local.h\"\n#include \"../y/far.h\"\nfrom main: __FILE__ old\n");
  }
  void write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(make_directories((source_ / path).parent_path()));
    ASSERT_TRUE(write_text(source_ / path, text));
  }

  std::vector<std::string> command() const {
    return {"cc",
            "-E",
            "-P",
            "-I" + (source_ / "include").string(),
            "-I",
            (source_ / "drivers/x").string(),
            "-fmacro-prefix-map=" + source_.string() + "/=",
            (source_ / "drivers/x/main.c").string()};
  }
  static std::string preprocess(const std::vector<std::string>& command) {
    const auto finished = run({.argv = command});
    EXPECT_TRUE(finished);
    EXPECT_TRUE(finished->ok()) << finished->errors;
    return finished->output;
  }
  std::vector<std::string> read_by_original() const {
    std::vector<std::string> files;
    for (const char* file : {"drivers/x/main.c", "include/linux/b.h", "include/linux/a.h", "drivers/x/local.h",
                             "drivers/x/../y/far.h", "drivers/x/../y/near.h"})
      files.push_back((source_ / file).string());
    return files;
  }
  PatchedFile fixed(const std::string& path) const {
    const auto original = read_text(source_ / path);
    EXPECT_TRUE(original);
    auto patched = *original;
    patched.replace(patched.find("old"), 3, "new");
    return {.path = path, .original = *original, .patched = patched};
  }

  std::optional<TempDir> directory_;
  fs::path source_;
};

TEST_F(Shadow, AFixedHeaderIsFoundHoweverItIsIncluded) {
  const auto before = preprocess(command());
  for (const char* path : {"include/linux/a.h", "drivers/x/local.h", "drivers/y/far.h", "drivers/y/near.h"}) {
    const std::vector<PatchedFile> fix = {fixed(path)};
    const auto tree = ShadowTree::make(source_, read_by_original(), fix, Linked::needed);
    ASSERT_TRUE(tree) << tree.error().describe();
    const auto after = preprocess(tree->redirect(command()));
    // Only the fixed word differs: __FILE__ and all else is as before.
    auto expected = before;
    const auto name = "from " + fs::path(path).stem().string() + ": ";
    const auto old = expected.find("old", expected.find(name));
    ASSERT_NE(old, std::string::npos);
    EXPECT_EQ(after, expected.replace(old, 3, "new")) << path;
  }
}

TEST_F(Shadow, ANewIncludeOfTheFixedSourceIsFoundInTheOriginalTree) {
  auto main = fixed("drivers/x/main.c");
  main.patched = "#include \"../y/extra.h\"\n" + main.patched;
  const std::vector<PatchedFile> fix = {main};
  const auto tree = ShadowTree::make(source_, read_by_original(), fix, Linked::needed);
  ASSERT_TRUE(tree) << tree.error().describe();
  const auto after = preprocess(tree->redirect(command()));
  EXPECT_NE(after.find("from extra: \"drivers/x/../y/extra.h\""), std::string::npos) << after;
}

TEST_F(Shadow, AQuotedHeaderOfASearchDirectoryIsTheFixedOneToo) {
  write("drivers/inc/shared.h", "from shared: __FILE__ old\n");
  write("drivers/y/near.h", "#include \"shared.h\"\n");
  auto compile = command();
  compile.insert(compile.begin() + 3, "-I" + (source_ / "drivers/inc").string());
  auto files = read_by_original();
  files.push_back((source_ / "drivers/inc/shared.h").string());
  const auto before = preprocess(compile);
  const std::vector<PatchedFile> fix = {fixed("drivers/inc/shared.h")};
  const auto tree = ShadowTree::make(source_, files, fix, Linked::needed);
  ASSERT_TRUE(tree) << tree.error().describe();
  const auto after = preprocess(tree->redirect(compile));
  EXPECT_NE(after.find("from shared: \"drivers/inc/shared.h\" new"), std::string::npos) << after;
  EXPECT_EQ(after.find("from shared: \"drivers/inc/shared.h\" old"), std::string::npos) << after;
}

TEST_F(Shadow, SaysWhatWasReadAroundIt) {
  const std::vector<PatchedFile> fix = {fixed("drivers/y/near.h")};
  const auto tree = ShadowTree::make(source_, read_by_original(), fix, Linked::needed);
  ASSERT_TRUE(tree) << tree.error().describe();
  const auto original = (source_ / "drivers/x/../y/extra.h").string();
  EXPECT_EQ(tree->read_around({"include/generated/autoconf.h", original}), std::vector<std::string>{original});
  EXPECT_EQ(tree->path_in_kernel(original), "drivers/y/extra.h");
  EXPECT_EQ(tree->path_in_kernel("include/generated/autoconf.h"), std::nullopt);
}

TEST_F(Shadow, TheSourceTreeIsNotWrittenTo) {
  const std::vector<PatchedFile> fix = {fixed("drivers/x/local.h")};
  ASSERT_TRUE(ShadowTree::make(source_, read_by_original(), fix, Linked::needed));
  EXPECT_EQ(*read_text(source_ / "drivers/x/local.h"), "from local: __FILE__ old\n");
}

TEST_F(Shadow, AFileOutsideOfTheTreeIsNotLinked) {
  const std::vector<PatchedFile> fix = {fixed("drivers/x/local.h")};
  EXPECT_TRUE(ShadowTree::make(source_, {"include/generated/autoconf.h", "/etc/passwd"}, fix, Linked::all));
  EXPECT_FALSE(ShadowTree::make(source_, {(source_ / "../../etc/passwd").string()}, fix, Linked::all));
}

}  // namespace
}  // namespace suture::builder
