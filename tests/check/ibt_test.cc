// A kernel that tracks indirect branches and counts calls (Debian's 6.12), and what a live patch for it
// must bring along.
#include "live_patch.h"

namespace suture::check::testing {
namespace {

class CheckIbt : public LivePatchTest {
 protected:
  CheckIbt() : LivePatchTest(SUTURE_FIXTURE_KERNEL_IBT, SUTURE_FIXTURE_LIVE_PATCH_IBT) {}

  /// The table of functions begins with one of the module demo.
  void point_to(const std::string& function) {
    symbol(".klp.sym.vmlinux.reset,2").name = fmt::format(".klp.sym.demo.{},0", function);
  }
};

TEST_F(CheckIbt, FindsNothingInALivePatchWithoutFault) { EXPECT_EQ(text(check().findings), ""); }

TEST_F(CheckIbt, FindsAPointerToAFunctionThatIsSealedAtBoot) {
  symbol(".klp.sym.vmlinux.reset,2").name = ".klp.sym.vmlinux.helper,0";
  EXPECT_TRUE(finds("indirect-target", ".rodata", "helper, which does not begin with ENDBR64 once"));
}

TEST_F(CheckIbt, FindsAPointerToAShippedFunctionWithoutEndbr) {
  symbol(".klp.sym.vmlinux.reset,2").name = ".klp.sym.vmlinux.quiet,0";
  EXPECT_TRUE(finds("indirect-target", ".rodata", "quiet, which does not begin with ENDBR64:"));
}

TEST_F(CheckIbt, FindsAPointerToAFunctionOfItsOwnWithoutEndbr) {
  auto& pointer = relocation(".rodata", place("operations", 8));
  pointer.addend += static_cast<std::int64_t>(place("quiet")) - static_cast<std::int64_t>(place("suture_enter_target"));
  EXPECT_TRUE(finds("indirect-target", ".rodata", "quiet"));
}

TEST_F(CheckIbt, FindsAPointerToAFunctionThatIsSealedWhenItsModuleIsLoaded) {
  point_to("demo_sealed");
  EXPECT_TRUE(finds("indirect-target", ".rodata", "demo_sealed, which does not begin with ENDBR64 once"));
}

TEST_F(CheckIbt, FindsAPointerToAModulesFunctionWithoutEndbr) {
  point_to("demo_helper");
  EXPECT_TRUE(finds("indirect-target", ".rodata", "demo_helper, which does not begin with ENDBR64:"));
}

TEST_F(CheckIbt, DoesNotDoubtAPointerToAModulesFunctionThatKeepsItsEndbr) {
  point_to("demo_work");
  EXPECT_FALSE(finds("indirect-target"));
}

TEST_F(CheckIbt, FindsAPointerToAnExportWithoutEndbr) {
  relocation(".rodata", place("operations", 8)) = {
      .offset = place("operations", 8), .type = R_X86_64_64, .symbol = symbol_index("_printk"), .addend = 0};
  EXPECT_TRUE(finds("indirect-target", ".rodata", "_printk"));
}

TEST_F(CheckIbt, FindsAFunctionWithoutEndbrWhoseAddressCodeTakes) {
  const auto format = find("show", {0x48, 0xc7, 0xc7});  // mov $.Lformat, %rdi
  auto& operand = relocation(".text", place("show", format + 3));
  operand.symbol = symbol_index("quiet");
  operand.addend = 0;
  EXPECT_TRUE(finds("indirect-target", "show", "quiet"));
}

TEST_F(CheckIbt, FindsAnInitFunctionWithoutEndbr) {
  auto& code = section(".init.text").data;
  std::fill_n(code.begin() + static_cast<std::ptrdiff_t>(place("init_module")), 4, std::uint8_t{0x90});
  EXPECT_TRUE(finds("indirect-target", ".gnu.linkonce.this_module", "init_module"));
}

TEST_F(CheckIbt, FindsAParavirtualCallThatTheKernelDoesNotMakeDirect) {
  section(".altinstructions").data[14 + 10] = 0;
  EXPECT_TRUE(finds("branch-unprotected", "show", "computed address"));
}

TEST_F(CheckIbt, FindsAnotherInstructionMadeADirectCall) {
  section(".altinstructions").data[10] = 2;
  EXPECT_TRUE(finds("code-table", ".altinstructions entry 0", "no call through memory"));
}

TEST_F(CheckIbt, FindsADirectCallToMakeOfAnotherCall) {
  use_of(".altinstr_replacement", "BUG_func").symbol = symbol_index("_printk");
  EXPECT_TRUE(finds("code-table", ".altinstructions entry 1", "no call of BUG_func"));
}

TEST_F(CheckIbt, FindsUnwindingInTheFormOfAnotherKernel) {
  section(".orc_header").data[0] = 0x0d;
  EXPECT_TRUE(finds("unwind-table", ".orc_header", "another form"));
  section(".orc_header").name = ".rodata.other";
  EXPECT_TRUE(finds("unwind-table", ".orc_header", "missing"));
}

TEST_F(CheckIbt, FindsPaddingThatHoldsSomething) {
  section(".text").data[place("peek") - 3] = 0xcc;
  EXPECT_TRUE(finds("call-padding", "peek", "16 bytes of nop"));
}

TEST_F(CheckIbt, FindsPaddingWithoutName) {
  symbol("__pfx_peek").size = 0;
  EXPECT_TRUE(finds("call-padding", "peek", "has no symbol __pfx_peek"));
}

TEST_F(CheckIbt, FindsAFunctionThatIsNotAligned) {
  section(".text").alignment = 1;
  EXPECT_TRUE(finds("call-padding", "show", "not aligned"));
}

TEST_F(CheckIbt, FindsALostCallSite) {
  drop_entry(".call_sites", 4, "peek", 9);
  EXPECT_TRUE(finds("call-site-missing", "peek+0x9"));
}

TEST_F(CheckIbt, FindsACallSiteWhoseCalleeComesLater) {
  section(".text").livepatch_relocations.front().name = ".klp.rela.demo..text";
  EXPECT_TRUE(finds("code-table", ".call_sites entry", "callee is not known yet"));
}

TEST_F(CheckIbt, FindsAPointerThatTheKernelWouldHaveFilledIn) {
  auto& code = section(".text").data;
  const auto at = static_cast<std::ptrdiff_t>(find("reset", {0x6b, 0x43, 0x10}));  // imul, mov, pop, jmp
  const Bytes move = {0x48, 0xb8, 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01};
  std::copy(move.begin(), move.end(), code.begin() + static_cast<std::ptrdiff_t>(place("reset")) + at);
  EXPECT_TRUE(finds("runtime-constant", "reset", "placeholder of a pointer"));
}

TEST_F(CheckIbt, FindsAShiftThatTheKernelWouldHaveFilledIn) {
  auto& code = section(".text").data;
  const auto add = find("peek", {0x83, 0xc0, 0x01});
  const Bytes shift = {0xc1, 0xe8, 0x0c};
  std::copy(shift.begin(), shift.end(), code.begin() + static_cast<std::ptrdiff_t>(place("peek", add)));
  EXPECT_TRUE(finds("runtime-constant", "peek", "shifts by the placeholder"));
}

}  // namespace
}  // namespace suture::check::testing
