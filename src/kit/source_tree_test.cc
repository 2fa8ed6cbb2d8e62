#include "kit/source_tree.h"

#include <gtest/gtest.h>

namespace suture::kit {
namespace {

TEST(SourceTree, KeepsWhatAnX86KernelIsCompiledFrom) {
  for (const auto* path : {"Makefile", "arch/x86/kernel/setup.c", "arch/Kconfig", "tools/objtool/check.c",
                           "tools/arch/arm64/include/asm/barrier.h", "samples/Kconfig", "drivers/block/loop.c"}) {
    EXPECT_FALSE(left_out(path)) << path;
  }
}

TEST(SourceTree, KeepsEveryKconfigFile) {
  EXPECT_FALSE(left_out("Documentation/Kconfig"));
  EXPECT_FALSE(left_out("arch/arm64/crypto/Kconfig"));
}

TEST(SourceTree, LeavesOutOtherArchitecturesDocumentationAndSelftests) {
  for (const auto* path :
       {"arch/arm64/kernel/setup.c", "arch/x86_64/x.c", "Documentation/index.rst", "tools/testing/selftests/a.c"}) {
    EXPECT_TRUE(left_out(path)) << path;
  }
}

}  // namespace
}  // namespace suture::kit
