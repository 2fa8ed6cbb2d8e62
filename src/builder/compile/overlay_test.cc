#include "builder/compile/overlay.h"

#include "builder/testing/tiny_kernel.h"

namespace suture::builder {
namespace {

class Overlay : public testing::TinyKernel {
 protected:
  void SetUp() override {
    TinyKernel::SetUp();
    source("Makefile", *read_text(kit_.source() / "Makefile") + "obj-y := fs/\n");
    source("include/asm-generic/runtime-const.h", "extern int the_variable;\n#define CONSTANT the_variable\n");
    source("fs/Makefile", "obj-y := main.o\n");
    source("fs/main.c", "#include <asm/runtime-const.h>\nint f(void) { return CONSTANT; }\n");
  }
  Result<std::optional<Overlaid>> overlaid(const std::vector<PatchedFile>& files) {
    const auto compiler = TRY(Compiler::open(kit_));
    const auto answers = TRY(ask_kbuild(kit_, {"fs/main.c"}));
    return compile_overlaid(compiler, answers.front().front(), files);
  }
  static constexpr auto header = "arch/x86/include/asm/runtime-const.h";
  const PatchedFile fix{.path = "fs/main.c",
                        .original = "",
                        .patched = "#include <asm/runtime-const.h>\nint f(void) { return CONSTANT + 1; }\n"};
};

TEST_F(Overlay, ReadsTheVariableWithTheFixApplied) {
  source(header, "#define CONSTANT 1\n");
  const auto object = overlaid({fix});
  ASSERT_TRUE(object) << object.error().describe();
  ASSERT_TRUE(*object);
  EXPECT_NE((*object)->object.find_symbol("the_variable"), 0U);
}

TEST_F(Overlay, IsForKernelsThatHaveSuchConstants) {
  const auto object = overlaid({fix});
  ASSERT_TRUE(object) << object.error().describe();
  EXPECT_FALSE(*object);
}

TEST_F(Overlay, DoesNotHideWhatTheFixChanges) {
  source(header, "#define CONSTANT 1\n");
  const auto object = overlaid({fix, {.path = header, .original = "", .patched = "#define CONSTANT 2\n"}});
  ASSERT_TRUE(object) << object.error().describe();
  EXPECT_FALSE(*object);
}

}  // namespace
}  // namespace suture::builder
