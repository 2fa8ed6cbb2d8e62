#include "builder/compile/compile.h"

#include <algorithm>

#include "builder/testing/tiny_kernel.h"

namespace suture::builder {
namespace {

class Compile : public testing::TinyKernel {
 protected:
  void SetUp() override {
    TinyKernel::SetUp();
    source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/\n");
    source("include/linux/a.h", "#define A 1\nstatic inline const char *where(void) { return __FILE__; }\n");
    source("fs/Makefile", "obj-y := main.o\n");
    source("fs/main.c",
           "#include <linux/a.h>\nint one(void) { return A; }\nint two(void) { return __LINE__; }\n"
           "const char *file(void) { return where(); }\n");
  }
  KbuildObject object() {
    auto answers = ask_kbuild(kit_, {"fs/main.c"});
    EXPECT_TRUE(answers) << answers.error().describe();
    return answers->front().front();
  }
  Compiler compiler() {
    auto opened = Compiler::open(kit_);
    EXPECT_TRUE(opened) << opened.error().describe();
    return *opened;
  }
  PatchedFile changed(const std::string& path, const std::string& what, const std::string& with) {
    const auto text = *read_text(kit_.source() / path);
    auto patched = text;
    patched.replace(patched.find(what), what.size(), with);
    return {.path = path, .original = text, .patched = patched};
  }
  Result<Compiled> patched(const std::vector<PatchedFile>& fix) {
    const auto original = compiler().original(object(), Layout::sectioned);
    EXPECT_TRUE(original) << original.error().describe();
    return compiler().patched(object(), Layout::sectioned, fix, original->dependencies);
  }
  std::size_t cache_entries() const {
    std::error_code code;
    const auto entries = fs::directory_iterator(kit_.cache() / "objects", code);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }
};

TEST_F(Compile, AFixThatChangesNothingGivesTheSameBytes) {
  const auto original = compiler().original(object(), Layout::sectioned);
  ASSERT_TRUE(original) << original.error().describe();
  for (const char* path : {"fs/main.c", "include/linux/a.h"}) {
    const auto same = patched({changed(path, "", "")});
    ASSERT_TRUE(same) << same.error().describe();
    EXPECT_EQ(same->object, original->object) << path;
  }
}

TEST_F(Compile, TypesAreNoDifferenceOfCode) {
  const auto original = compiler().original(object(), Layout::typed);
  ASSERT_TRUE(original) << original.error().describe();
  const auto same = compiler().patched(object(), Layout::typed, {changed("fs/main.c", "", "")}, original->dependencies);
  ASSERT_TRUE(same) << same.error().describe();
  const auto equal = equal_but_for_types(same->object, original->object, "fs/main.c");
  ASSERT_TRUE(equal) << equal.error().describe();
  EXPECT_TRUE(*equal);
}

TEST_F(Compile, AChangedHeaderIsCompiledIn) {
  const auto original = compiler().original(object(), Layout::sectioned);
  const auto fixed = patched({changed("include/linux/a.h", "A 1", "A 2")});
  ASSERT_TRUE(original && fixed);
  EXPECT_NE(fixed->object, original->object);
  // What it read is told in terms of the kernel's own tree.
  const auto header = (kit_.source() / "include/linux/a.h").string();
  EXPECT_NE(std::ranges::find(fixed->dependencies, header), fixed->dependencies.end());
}

TEST_F(Compile, OnlyTheSectionedBuildHasASectionAFunction) {
  const auto shipped = compiler().original(object(), Layout::shipped);
  const auto sectioned = compiler().original(object(), Layout::sectioned);
  ASSERT_TRUE(shipped && sectioned);
  const auto holds = [](const Bytes& bytes, std::string_view text) {
    return as_text(bytes).find(text) != std::string_view::npos;
  };
  EXPECT_TRUE(holds(sectioned->object, ".text.one"));
  EXPECT_FALSE(holds(shipped->object, ".text.one"));
}

TEST_F(Compile, WhatIsReadOfTheShippedBuildHasNoDebugInformation) {
  const auto shipped = compiler().original(object(), Layout::shipped);
  ASSERT_TRUE(shipped) << shipped.error().describe();
  const auto whole = elf::read_object(shipped->object, "fs/main.o");
  const auto read = read_shipped(shipped->object, "fs/main.o");
  ASSERT_TRUE(whole && read);
  EXPECT_NE(whole->find_section(".debug_info"), 0U);
  EXPECT_EQ(read->find_section(".debug_info"), 0U);
  EXPECT_NE(read->find_section(".text"), 0U);
}

TEST_F(Compile, ResultsAreKeptUntilAFileThatWasReadChanges) {
  const std::vector<PatchedFile> fix = {changed("fs/main.c", "return A", "return A + 1")};
  const auto first = patched(fix);
  ASSERT_TRUE(first) << first.error().describe();
  EXPECT_FALSE(first->from_cache);
  const auto again = patched(fix);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->from_cache);
  EXPECT_EQ(again->object, first->object);
  EXPECT_EQ(again->seconds, 0);
  source("include/linux/a.h", "#define A 3\nstatic inline const char *where(void) { return \"\"; }\n");
  const auto later = patched(fix);
  ASSERT_TRUE(later);
  EXPECT_FALSE(later->from_cache);
  EXPECT_NE(later->object, first->object);
}

TEST_F(Compile, AFixThatDoesNotCompileIsAnErrorInTheCompilersWords) {
  const auto failed = patched({changed("fs/main.c", "return A", "return undeclared_thing")});
  ASSERT_FALSE(failed);
  const auto said = failed.error().describe();
  EXPECT_NE(said.find("fs/main.c:2:"), std::string::npos) << said;
  EXPECT_NE(said.find("undeclared_thing"), std::string::npos) << said;
  EXPECT_EQ(said.find("/tmp/"), std::string::npos) << said;
}

TEST_F(Compile, AnErrorIsWhereTheAuthorSeesIt) {
  auto file = changed("fs/main.c", "return A", "return undeclared_thing");
  file.patched = "int added;\n#line 1\n" + file.patched;
  const auto failed = patched({file});
  ASSERT_FALSE(failed);
  const auto said = failed.error().describe();
  EXPECT_NE(said.find("fs/main.c:3:"), std::string::npos) << said;
}

TEST_F(Compile, AKilledCompilerIsAnErrorAndLeavesNothingBehind) {
  auto killed = object();
  const auto script = kit_.root / "killed";
  ASSERT_TRUE(write_text(script, "#!/bin/sh\nkill -9 $$\n"));
  fs::permissions(script, fs::perms::owner_all);
  killed.compile[0] = script.string();
  const auto failed = compiler().original(killed, Layout::shipped);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().describe().find("killed"), std::string::npos) << failed.error().describe();
  EXPECT_EQ(cache_entries(), 0U);
}

TEST_F(Compile, ACompilerThatWritesNothingIsAnError) {
  auto silent = object();
  silent.compile[0] = "true";
  EXPECT_FALSE(compiler().original(silent, Layout::shipped));
}

TEST_F(Compile, AMissingOrOtherCompilerIsAnError) {
  kit_.compiler_version = "gcc 0.1";
  EXPECT_FALSE(Compiler::open(kit_));
  kit_.compiler = "no-such-compiler";
  const auto missing = Compiler::open(kit_);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().describe().find("no-such-compiler"), std::string::npos);
}

}  // namespace
}  // namespace suture::builder
