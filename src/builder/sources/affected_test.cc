#include "builder/sources/affected.h"

#include <algorithm>

#include "builder/testing/tiny_kernel.h"

namespace suture::builder {
namespace {

using Names = std::vector<std::string>;

class Affect : public testing::TinyKernel {
 protected:
  void SetUp() override {
    TinyKernel::SetUp();
    source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/ arch/x86/entry/vdso/\n");
    source("fs/Makefile", "obj-y := main.o whole.o asm.o\nobj-m := mod.o\n");
    source("fs/main.c", "#include <linux/a.h>\n");
    source("fs/mod.c", "#include \"local.h\"\n");
    source("fs/local.h", "#include <linux/a.h>\n");
    source("fs/whole.c", "#include \"part.c\"\n");
    source("fs/part.c", "int part;\n");
    source("fs/asm.S", "#include <asm/b.h>\n");
    source("fs/unused.c", "#include <linux/a.h>\n#include <linux/unused.h>\n");
    source("include/linux/a.h", "");
    source("include/linux/unused.h", "");
    source("arch/x86/include/asm/b.h", "");
    source("arch/x86/boot/main.c", "#include <linux/a.h>\n");
    source("arch/x86/entry/vdso/Makefile", "obj-y := vma.o\n");
    source("arch/x86/entry/vdso/vma.c", "int vma;\n");
    source("arch/x86/entry/vdso/vclock.c", "#include <linux/a.h>\n");
  }
  Affected affected(const Names& paths, std::size_t most_files = 200) {
    std::vector<PatchedFile> fix;
    for (const auto& path : paths) fix.push_back({.path = path, .original = {}, .patched = {}});
    auto found = find_affected(kit_, fix, most_files);
    EXPECT_TRUE(found) << found.error().describe();
    return found ? *found : Affected{};
  }
  static Names sources(const std::vector<KbuildObject>& objects) {
    Names names;
    for (const auto& object : objects) names.push_back(object.source);
    return names;
  }
  static Names codes(const Affected& found) {
    Names names;
    for (const auto& refusal : found.refusals) names.push_back(refusal.code);
    return names;
  }
};

TEST_F(Affect, ASourceChangesItsOwnObject) {
  const auto found = affected({"fs/main.c"});
  EXPECT_EQ(sources(found.changed), Names{"fs/main.c"});
  EXPECT_TRUE(found.reached.empty());
  EXPECT_TRUE(found.refusals.empty());
}

TEST_F(Affect, AHeaderReachesWhatThisKernelCompiles) {
  const auto found = affected({"include/linux/a.h"});
  EXPECT_TRUE(found.changed.empty());
  EXPECT_EQ(sources(found.reached), (Names{"fs/main.c", "fs/mod.c"}));
  EXPECT_EQ(sources(found.fixed), Names{"arch/x86/entry/vdso/vclock.c"});
}

TEST_F(Affect, ASourceThatAnotherIncludesReachesIt) {
  const auto found = affected({"fs/part.c"});
  EXPECT_EQ(sources(found.reached), Names{"fs/whole.c"});
  EXPECT_TRUE(found.refusals.empty());
  EXPECT_TRUE(found.warnings.empty());
}

TEST_F(Affect, AssemblyMustStayAsItIs) {
  EXPECT_EQ(sources(affected({"arch/x86/include/asm/b.h"}).fixed), Names{"fs/asm.S"});
}

TEST_F(Affect, RefusesAFixThatThisKernelDoesNotCompile) {
  EXPECT_EQ(codes(affected({"fs/unused.c"})), Names{"not-compiled"});
  EXPECT_EQ(codes(affected({"include/linux/unused.h"})), Names{"not-compiled"});
}

TEST_F(Affect, LeavesOutAPartThatThisKernelDoesNotCompileAndSaysSo) {
  const auto found = affected({"fs/main.c", "fs/unused.c"});
  EXPECT_TRUE(found.refusals.empty());
  ASSERT_EQ(found.warnings.size(), 1U);
  EXPECT_EQ(found.warnings[0].place, "fs/unused.c");
}

TEST_F(Affect, RefusesTheVdsoButNotItsKernelSide) {
  EXPECT_EQ(codes(affected({"arch/x86/entry/vdso/vclock.c"})), Names{"vdso"});
  EXPECT_EQ(sources(affected({"arch/x86/entry/vdso/vma.c"}).changed), Names{"arch/x86/entry/vdso/vma.c"});
}

TEST_F(Affect, RefusesAHeaderThatReachesTooFar) {
  const auto found = affected({"include/linux/a.h"}, 1);
  ASSERT_EQ(codes(found), Names{"header-reach"});
  EXPECT_NE(found.refusals[0].reason.find("2 source files"), std::string::npos) << found.refusals[0].reason;
}

}  // namespace
}  // namespace suture::builder
