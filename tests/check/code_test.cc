// The tables that describe the module's code, held against the code.
#include <array>

#include "live_patch.h"

namespace suture::check::testing {
namespace {

class CheckCode : public LivePatchTest {
 protected:
  /// The relocation in `table` that leads to `function` plus `offset` leads `by` bytes further.
  void move(const std::string& table, const std::string& function, std::uint64_t offset, std::int64_t by) {
    relocation(table, entry(table, function, static_cast<std::int64_t>(offset))).addend += by;
  }

  /// Puts a ud2, which nothing lists, into a function of .text, in the place of `bytes`.
  void put_trap(const std::string& function, std::initializer_list<std::uint8_t> bytes) {
    constexpr std::array<std::uint8_t, 2> ud2 = {0x0f, 0x0b};
    constexpr std::uint8_t nop = 0x90;
    const auto at = section(".text").data.begin() + static_cast<std::ptrdiff_t>(place(function, find(function, bytes)));
    std::fill_n(at, bytes.size(), nop);
    std::copy(ud2.begin(), ud2.end(), at);
  }
};

TEST_F(CheckCode, FindsALostReturnSite) {
  drop_entry(".return_sites", 4, "show", 0x4b);
  EXPECT_TRUE(finds("return-site-missing", "show+0x4b"));
}

TEST_F(CheckCode, FindsAReturnSiteThatIsNoReturn) {
  move(".return_sites", "show", 0x4b, -1);  // pop %rbx
  EXPECT_TRUE(finds("code-table", ".return_sites entry", "'pop' at show+0x4a"));
}

TEST_F(CheckCode, FindsAReturnSiteInTheMiddleOfAnInstruction) {
  move(".return_sites", "show", 0x4b, 1);
  EXPECT_TRUE(finds("code-table", ".return_sites entry", "middle of an instruction"));
}

TEST_F(CheckCode, FindsAReturnThatIsNotProtected) {
  auto& text = section(".text");
  text.data[place("quiet", 11)] = 0xc3;
  EXPECT_TRUE(finds("return-unprotected", "quiet+0xb"));
}

TEST_F(CheckCode, FindsALostCallSiteOfFtrace) {
  drop_entry("__mcount_loc", 8, "show", 0);
  EXPECT_TRUE(finds("ftrace-site-missing", "show"));
}

TEST_F(CheckCode, FindsACallSiteOfFtraceThatIsNone) {
  move("__mcount_loc", "show", 0, 5);
  EXPECT_TRUE(finds("code-table", "__mcount_loc entry", "__fentry__"));
}

TEST_F(CheckCode, FindsALostRetpolineSite) {
  section(".retpoline_sites").name = ".rodata.other";
  EXPECT_TRUE(finds("retpoline-site-missing", "show+0x3c"));
}

TEST_F(CheckCode, FindsARetpolineSiteThatIsAnOrdinaryCall) {
  use_of(".text", "__x86_indirect_thunk_rax").symbol = symbol_index("_printk");
  EXPECT_TRUE(finds("code-table", ".retpoline_sites entry", "_printk"));
}

TEST_F(CheckCode, FindsAnIndirectCallThatIsNotProtected) {
  section(".parainstructions").name = ".rodata.other";
  EXPECT_TRUE(finds("branch-unprotected", "show+0x2d"));
}

TEST_F(CheckCode, FindsAParavirtualCallCutInTwo) {
  section(".parainstructions").data[9] = 5;
  EXPECT_TRUE(finds("code-table", ".parainstructions entry 0", "cuts an instruction"));
}

TEST_F(CheckCode, FindsALockPrefixThatIsNone) {
  section(".text").data[place("show", 0x27)] = 0x90;
  EXPECT_TRUE(finds("code-table", ".smp_locks entry 0", "lock prefix"));
}

TEST_F(CheckCode, FindsAnAlternativeThatCutsAnInstruction) {
  section(".altinstructions").data[10] = 4;
  EXPECT_TRUE(finds("code-table", ".altinstructions entry 0", "cuts an instruction"));
}

TEST_F(CheckCode, FindsAnAlternativeLongerThanTheOriginal) {
  section(".altinstructions").data[11] = 4;
  EXPECT_TRUE(finds("code-table", ".altinstructions entry 0", "puts 4 bytes"));
}

TEST_F(CheckCode, FindsAnAlternativeForAFeatureThatNoCpuHas) {
  store_le<std::uint16_t>(section(".altinstructions").data, 8, 736);
  EXPECT_TRUE(finds("code-table", ".altinstructions entry 0", "feature 736"));
}

TEST_F(CheckCode, FindsATableWithEntriesOfAnotherKernelsSize) {
  kernel.layouts["alt_instr"].size = 14;
  EXPECT_TRUE(finds("code-table", ".altinstructions", "no multiple of the 14"));
}

TEST_F(CheckCode, FindsAJumpLabelAtAnotherInstruction) {
  move("__jump_table", "show", 0x22, 5);
  EXPECT_TRUE(finds("code-table", "__jump_table entry 0", "not to a nop or a jump"));
}

TEST_F(CheckCode, FindsAJumpLabelThatLeadsIntoAnotherFunction) {
  auto& target = relocation("__jump_table", 4);
  target.symbol = symbol_index("quiet");
  target.addend = 0;
  EXPECT_TRUE(finds("code-table", "__jump_table entry 0", "another function"));
}

TEST_F(CheckCode, FindsAJumpLabelWithoutKey) {
  std::erase_if(section("__jump_table").relocations, [](const auto& each) { return each.offset == 8; });
  EXPECT_TRUE(finds("code-table", "__jump_table entry 0", "no key"));
}

TEST_F(CheckCode, FindsAStaticCallMarkedAsAJump) {
  relocation(".static_call_sites", 4).addend += 1;
  EXPECT_TRUE(finds("code-table", ".static_call_sites entry 0", "says that it is a jump"));
}

TEST_F(CheckCode, FindsAStaticCallWhoseKeyTheKernelCannotFind) {
  relocation(".static_call_sites", 4).symbol = symbol_index("__SCT__tick");
  EXPECT_TRUE(finds("code-table", ".static_call_sites entry 0", "trampoline"));
}

TEST_F(CheckCode, FindsAnExceptionFixedUpInTheMiddleOfAnInstruction) {
  relocation("__ex_table", 4).addend += 1;
  EXPECT_TRUE(finds("code-table", "__ex_table entry 0", "its fixup"));
}

TEST_F(CheckCode, FindsAWarningThatIsNoTrap) {
  move("__bug_table", "show", 0x48, 2);
  EXPECT_TRUE(finds("code-table", "__bug_table entry 0", "not to ud2"));
}

TEST_F(CheckCode, FindsAWarningThatLostItsEntry) {
  drop_entry("__bug_table", 12, "show", 0x48);
  EXPECT_TRUE(finds("trap-missing", "show+0x48"));
}

TEST_F(CheckCode, FindsATrapWithoutEntryThatTheShippedFunctionDoesNotHave) {
  put_trap("reset", {0x6b, 0x43, 0x10, 0x3c});  // imul
  EXPECT_TRUE(finds("trap-missing", "reset+"));
}

TEST_F(CheckCode, AcceptsATrapWithoutEntryThatTheShippedFunctionHasToo) {
  put_trap("peek", {0x83, 0xc0, 0x01});                   // add
  put_trap("demo_open", {0xbe, 0x04, 0x00, 0x00, 0x00});  // mov
  EXPECT_FALSE(finds("trap-missing"));
}

TEST_F(CheckCode, CountsTrapsOfAColdPartWithTheFunction) {
  put_trap("quiet", {0x8b, 0x47, 0x08});  // mov
  symbol("quiet").name = "peek.cold";
  EXPECT_FALSE(finds("trap-missing"));
  put_trap("peek", {0x83, 0xc0, 0x01});
  EXPECT_TRUE(finds("trap-missing", "peek+"));
  EXPECT_TRUE(finds("trap-missing", "peek.cold"));
}

TEST_F(CheckCode, FindsCodeThatDoesNotDecode) {
  section(".text").data[place("quiet")] = 0x06;  // push %es, which 64-bit mode does not have
  EXPECT_TRUE(finds("code-invalid", "quiet"));
}

TEST_F(CheckCode, FindsALostUnwindEntry) {
  // After "push %rbx".
  const auto at = entry(".orc_unwind_ip", "show", 6);
  cut(".orc_unwind_ip", at, 4);
  cut(".orc_unwind", at / 4 * 6, 6);
  EXPECT_TRUE(finds("unwind-state", "show+0x6", "leaves 16"));
}

TEST_F(CheckCode, FindsEveryLostUnwindEntryThatSaysSomething) {
  const auto good_places = section(".orc_unwind_ip");
  const auto good_entries = section(".orc_unwind");
  for (std::uint64_t i = 0; i < good_places.size / 4; ++i) {
    // What says that a section's code has ended does not describe code.
    if (good_entries.data[i * 6 + 4] == 0) continue;
    cut(".orc_unwind_ip", i * 4, 4);
    cut(".orc_unwind", i * 6, 6);
    EXPECT_FALSE(check().is_clean()) << "without entry " << i;
    section(".orc_unwind_ip") = good_places;
    section(".orc_unwind") = good_entries;
  }
}

TEST_F(CheckCode, FindsUnwindTablesThatDoNotPair) {
  cut(".orc_unwind", 0, 6);
  EXPECT_TRUE(finds("unwind-table", ".orc_unwind", "do not pair"));
}

TEST_F(CheckCode, FindsAFunctionWithoutUnwinding) {
  const auto at = entry(".orc_unwind_ip", "show", 0);
  cut(".orc_unwind_ip", at, 4);
  cut(".orc_unwind", at / 4 * 6, 6);
  EXPECT_TRUE(finds("unwind-missing", "show"));
}

TEST_F(CheckCode, FindsAWrongDistanceToTheCallersFrame) {
  const auto at = entry(".orc_unwind_ip", "show", 6);
  section(".orc_unwind").data[at / 4 * 6] = 24;
  EXPECT_TRUE(finds("unwind-state", "show+0x6"));
}

TEST_F(CheckCode, FindsAModuleWithoutUnwinding) {
  section(".orc_unwind").name = ".rodata.other";
  EXPECT_TRUE(finds("unwind-table"));
}

}  // namespace
}  // namespace suture::check::testing
