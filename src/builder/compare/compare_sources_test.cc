#include "builder/compare/compare_sources.h"

#include "builder/testing/tiny_kernel.h"

namespace suture::builder {
namespace {

using Names = std::vector<std::string>;

class Compare : public testing::TinyKernel {
 protected:
  void SetUp() override {
    TinyKernel::SetUp();
    source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/\n");
    source("include/linux/a.h", "#define A 1\n#define UNUSED 1\n");
    source("fs/Makefile", "obj-y := main.o user.o other.o asm.o\n");
    source("fs/main.c", "#include <linux/a.h>\nint one(void) { return A; }\n");
    source("fs/user.c", "#include <linux/a.h>\nint two(void) { return A; }\n");
    source("fs/other.c", "#ifdef NEVER\n#include <linux/a.h>\n#endif\nint three(void) { return 3; }\n");
    source("fs/asm.S", "#include <linux/a.h>\n.byte A\n");
  }
  Result<SourceComparison> compare(const std::string& path, const std::string& what, const std::string& with) {
    const auto text = *read_text(kit_.source() / path);
    auto patched = text;
    patched.replace(patched.find(what), what.size(), with);
    fix_ = {{.path = path, .original = text, .patched = patched}};
    const auto affected = find_affected(kit_, fix_, 200);
    EXPECT_TRUE(affected) << affected.error().describe();
    compiler_ = *Compiler::open(kit_);
    return compare_sources(*compiler_, *affected, fix_, no_progress());
  }
  static Names sources(const SourceComparison& comparison) {
    Names names;
    for (const auto& source : comparison.changed) names.push_back(source.how.source);
    return names;
  }

  std::vector<PatchedFile> fix_;
  std::optional<Compiler> compiler_;
};

TEST_F(Compare, ASourceOfTheFixIsCompiledThreeWays) {
  const auto found = compare("fs/main.c", "{ return A; }", "{ return A + 1; }\nint added(void) { return 4; }");
  ASSERT_TRUE(found) << found.error().describe();
  EXPECT_EQ(sources(*found), Names{"fs/main.c"});
  EXPECT_TRUE(found->changed[0].shipped);
  EXPECT_NE(found->changed[0].original.symbols, found->changed[0].patched.symbols);
  EXPECT_GT(found->slowest_compile, 0);
}

TEST_F(Compare, WhatTheFixDoesNotChangeDropsOut) {
  const auto found = compare("fs/main.c", "return A", "return  A");
  ASSERT_TRUE(found) << found.error().describe();
  EXPECT_TRUE(found->changed.empty());
  EXPECT_EQ(found->compared, 1U);
}

TEST_F(Compare, WhatAHeaderLeavesAsItWasIsNotCompiled) {
  const auto found = compare("include/linux/a.h", "UNUSED 1", "UNUSED 2");
  ASSERT_TRUE(found) << found.error().describe();
  EXPECT_TRUE(found->changed.empty());
  EXPECT_TRUE(found->refusals.empty());
  EXPECT_EQ(found->compared, 1U);  // asm.S; main.c and user.c say the same as before; other.c does not read it
}

TEST_F(Compare, AHeaderThatChangesCodeChangesItEverywhere) {
  ASSERT_TRUE(remove_tree(kit_.source() / "fs/asm.S"));
  const auto found = compare("include/linux/a.h", "A 1", "A 2");
  ASSERT_TRUE(found) << found.error().describe();
  EXPECT_EQ(sources(*found), (Names{"fs/main.c", "fs/user.c"}));
  auto user = found->changed[1];
  EXPECT_FALSE(user.shipped);
  const auto seconds = compile_as_shipped(*compiler_, {&user});
  ASSERT_TRUE(seconds) << seconds.error().describe();
  EXPECT_GT(*seconds, 0);
  EXPECT_TRUE(user.shipped);
}

TEST_F(Compare, RefusesAHeaderThatChangesAssembly) {
  const auto found = compare("include/linux/a.h", "A 1", "A 2");
  ASSERT_TRUE(found) << found.error().describe();
  ASSERT_EQ(found->refusals.size(), 1U);
  EXPECT_EQ(found->refusals[0].code, "assembly-file");
  EXPECT_EQ(found->refusals[0].place, "fs/asm.S");
}

TEST_F(Compare, WhatTheCompilerWarnsOfOnlyWithTheFixIsTold) {
  source("fs/main.c", "#include <linux/a.h>\nchar *old = 1;\nint one(void) { return A; }\n");
  for (const bool from_cache : {false, true}) {
    const auto found = compare("fs/main.c", "{ return A; }", "{ char *p = 2; return p == (char *)2 ? 7 : 0; }");
    ASSERT_TRUE(found) << found.error().describe();
    EXPECT_EQ(found->slowest_compile == 0, from_cache);
    ASSERT_EQ(found->warnings.size(), 1U);
    EXPECT_EQ(found->warnings[0].code, "compiler-warning");
    EXPECT_EQ(found->warnings[0].place, "fs/main.c: one");
    EXPECT_NE(found->warnings[0].reason.find("makes pointer from integer without a cast"), std::string::npos);
  }
}

TEST_F(Compare, AWarningInAHeaderIsToldOnce) {
  ASSERT_TRUE(remove_tree(kit_.source() / "fs/asm.S"));
  const auto found = compare("include/linux/a.h", "#define A 1", "#define A 2\nstatic char *p = 2;");
  ASSERT_TRUE(found) << found.error().describe();
  ASSERT_EQ(found->warnings.size(), 1U);
  EXPECT_EQ(found->warnings[0].place, "include/linux/a.h");
}

TEST_F(Compare, AnOriginalThatDoesNotCompileIsAnErrorAndNobodyWaitsForIt) {
  source("fs/main.c", "#include <linux/a.h>\nint one(void) { return A; }\nbroken\n");
  EXPECT_FALSE(compare("fs/main.c", "return A", "return A + 1"));
}

}  // namespace
}  // namespace suture::builder
