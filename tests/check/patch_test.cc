// What livepatch does with the module: functions, symbols, positions, identity.
#include <array>

#include "live_patch.h"

namespace suture::check::testing {
namespace {

// Where live_patch.S has its tables, by the sizes in fake_kernel.h.
constexpr std::uint64_t func_size = 152;

class CheckPatch : public LivePatchTest {
 protected:
  /// The record of the `index`th function of vmlinux.
  std::uint64_t function(std::uint64_t index) { return symbol("klp_functions").value + index * func_size; }
  /// The record of the module's function: it follows vmlinux' and the end of the list.
  std::uint64_t demo_function() { return function(4); }

  /// The string that a pointer in .data leads to becomes another.
  void point_to(std::uint64_t field, const std::string& value) {
    auto& strings = section(".rodata.str1.1");
    relocation(".data", field).addend = static_cast<std::int64_t>(strings.data.size());
    strings.data.insert(strings.data.end(), value.begin(), value.end());
    strings.data.push_back(0);
    strings.size = strings.data.size();
  }

  /// Gives a livepatch symbol another name.
  void rename(const std::string& from, const std::string& to) { symbol(from).name = to; }
};

TEST_F(CheckPatch, FindsAModuleThatEnablesNothing) {
  auto& call = use_of(".init.text", "klp_enable_patch");
  call.symbol = symbol_index("_printk");
  EXPECT_TRUE(finds("patch-missing"));
}

TEST_F(CheckPatch, FindsAFunctionDroppedFromTheListAndNowUnused) {
  // peek is the last but one; the rest moves up, and nothing refers to the new peek.
  cut(".data", function(1), func_size);
  EXPECT_TRUE(finds("function-orphan", "peek"));
}

TEST_F(CheckPatch, FindsAChangedFunctionThatOnlyNewCodeCalls) {
  // show calls the new reset, but everybody else still calls the old one.
  relocation(".text", place("show", 0x1e)).symbol = symbol_index("reset");
  cut(".data", function(2), func_size);
  EXPECT_TRUE(finds("function-not-replaced", "reset"));
}

TEST_F(CheckPatch, FindsADroppedCallerOfAFunctionThatCannotBeReplaced) {
  cut(".data", function(1), func_size);
  EXPECT_TRUE(finds("caller-not-replaced", "quiet", "peek of vmlinux leads to the old one"));
}

TEST_F(CheckPatch, FindsADroppedCallerInAModuleOfAFunctionThatCannotBeReplaced) {
  kernel.exports["quiet"] = {
      .crc = 0x2000, .name = "quiet", .module = "vmlinux", .module_name = "vmlinux", .kind = "EXPORT_SYMBOL", .ns = ""};
  EXPECT_TRUE(finds("caller-not-replaced", "quiet", "demo_listen of demo leads to the old one"));
  point_to(demo_function(), "demo_listen");
  EXPECT_FALSE(finds("caller-not-replaced"));
}

TEST_F(CheckPatch, OfFunctionsOfOneNameTheOneThatCallsMustBeReplaced) {
  // The kernel's third reset calls nothing; that it is replaced does not make up for peek.
  point_to(function(1), "reset");
  EXPECT_TRUE(finds("caller-not-replaced", "quiet", "peek of vmlinux"));
}

TEST_F(CheckPatch, DoesNotTakeANewFunctionForAChangedOneOfThatName) {
  // No function that is replaced called the kernel's hush, so the module's is not a version of it.
  rename("quiet", "hush");
  EXPECT_FALSE(finds("caller-not-replaced"));
}

TEST_F(CheckPatch, FindsAListThatDoesNotEnd) {
  auto& data = section(".data").data;
  std::fill(data.begin() + static_cast<std::ptrdiff_t>(demo_function() + func_size), data.end(), std::uint8_t{1});
  EXPECT_TRUE(finds("patch-structure"));
}

TEST_F(CheckPatch, FindsAPatchThatDoesNotReplace) {
  section(".data").data[symbol("suture_patch").value + 24] = 0;
  EXPECT_TRUE(finds("patch-not-replacing"));
}

TEST_F(CheckPatch, FindsAPatchOfAnotherModule) {
  relocation(".data", symbol("suture_patch").value).symbol = symbol_index("suture_kernel");
  EXPECT_TRUE(finds("patch-structure", "struct klp_patch", "mod"));
}

TEST_F(CheckPatch, FindsAFieldThatOnlyTheKernelMaySet) {
  section(".data").data[function(0) + 144] = 1;  // nop
  EXPECT_TRUE(finds("patch-structure", "", "only the kernel"));
}

TEST_F(CheckPatch, FindsTablesInReadOnlyMemory) {
  section(".data").flags &= ~std::uint64_t{SHF_WRITE};
  EXPECT_TRUE(finds("patch-structure", "", "stay writable"));
}

TEST_F(CheckPatch, FindsAFunctionThatTheKernelDoesNotHave) {
  point_to(function(0), "shown");
  EXPECT_TRUE(finds("function-unresolved", "vmlinux: shown,0"));
}

TEST_F(CheckPatch, FindsAnAmbiguousNameWithoutPosition) {
  section(".data").data[function(2) + 16] = 0;
  EXPECT_TRUE(finds("function-unresolved", "vmlinux: reset,0", "4 of its symbols"));
}

TEST_F(CheckPatch, FindsAPositionPastTheLast) {
  section(".data").data[function(2) + 16] = 5;
  EXPECT_TRUE(finds("function-unresolved", "vmlinux: reset,5", "position 5"));
}

TEST_F(CheckPatch, FindsAPositionThatNamesAnotherFunction) {
  section(".data").data[function(2) + 16] = 1;
  EXPECT_TRUE(finds("position-doubtful", "vmlinux: reset,1", "position 2"));
}

TEST_F(CheckPatch, FindsAPositionThatNamesAFunctionWithSomeOfTheCode) {
  section(".data").data[function(2) + 16] = 4;
  EXPECT_TRUE(finds("position-doubtful", "vmlinux: reset,4", "position 2"));
}

TEST_F(CheckPatch, DoesNotDoubtAPositionBecauseTheFixLeavesLittleOfTheFunction) {
  // Without the multiplication, it is more like the third of its name than like its original.
  auto& code = section(".text").data;
  const auto begin = code.begin() + static_cast<std::ptrdiff_t>(symbol("reset").value);
  constexpr std::array<std::uint8_t, 7> multiply_and_store = {0x6b, 0x43, 0x10, 0x3c, 0x89, 0x43, 0x18};
  const auto found = std::search(begin, code.end(), multiply_and_store.begin(), multiply_and_store.end());
  ASSERT_NE(found, code.end());
  constexpr std::uint8_t nop = 0x90;
  std::fill_n(found, multiply_and_store.size(), nop);
  EXPECT_FALSE(finds("position-doubtful"));
}

TEST_F(CheckPatch, DoesNotDoubtAPositionBecauseTheFixIsWhatANamesakeHasAlready) {
  section(".data").data[function(2) + 16] = 3;
  EXPECT_FALSE(finds("position-doubtful", "vmlinux: reset"));
}

TEST_F(CheckPatch, FindsAPositionThatNamesAnotherVariable) {
  rename(".klp.sym.vmlinux.state,2", ".klp.sym.vmlinux.state,1");
  EXPECT_TRUE(finds("position-doubtful", ".klp.sym.vmlinux.state,1 (reset+", "position 2"));
}

TEST_F(CheckPatch, FindsAFunctionThatFtraceCannotHookInto) {
  point_to(function(1), "quiet");
  EXPECT_TRUE(finds("function-untraceable", "vmlinux: quiet,0"));
}

TEST_F(CheckPatch, FindsAModulesFunctionThatFtraceCannotHookInto) {
  point_to(demo_function(), "demo_helper");
  EXPECT_TRUE(finds("function-untraceable", "demo: demo_helper,0"));
}

TEST_F(CheckPatch, FindsAFunctionInInitMemory) {
  point_to(function(1), "boot_only");
  EXPECT_TRUE(finds("function-init", "vmlinux: boot_only,0"));
}

TEST_F(CheckPatch, FindsAFunctionOfLivepatchItself) {
  point_to(function(1), "klp_update_patch_state");
  EXPECT_TRUE(finds("function-denied", "vmlinux: klp_update_patch_state,0"));
}

TEST_F(CheckPatch, FindsAVariableTakenForAFunction) {
  point_to(function(1), "feature_key");
  EXPECT_TRUE(finds("function-unresolved", "vmlinux: feature_key,0", "no function"));
}

TEST_F(CheckPatch, FindsAFunctionListedTwice) {
  point_to(function(1), "show");
  EXPECT_TRUE(finds("function-duplicate", "vmlinux: show,0"));
}

TEST_F(CheckPatch, FindsAReplacementThatBeginsWithinAFunction) {
  relocation(".data", function(0) + 8).addend += 5;
  EXPECT_TRUE(finds("function-replacement", "vmlinux: show,0"));
}

TEST_F(CheckPatch, FindsAReplacementInInitMemory) {
  auto& pointer = relocation(".data", function(0) + 8);
  pointer.symbol = symbol_index("init_module");
  pointer.addend = 0;
  EXPECT_TRUE(finds("function-replacement", "vmlinux: show,0"));
}

TEST_F(CheckPatch, FindsOneReplacementForTwoFunctions) {
  relocation(".data", function(1) + 8) = [&] {
    auto same = relocation(".data", function(0) + 8);
    same.offset = function(1) + 8;
    return same;
  }();
  EXPECT_TRUE(finds("function-replacement", "vmlinux: peek,0", "same new_func"));
}

TEST_F(CheckPatch, FindsAModuleThatTheKernelDoesNotShip) {
  point_to(symbol("klp_objects").value + 168, "dkms_thing");
  EXPECT_TRUE(finds("object-unknown", "object dkms_thing"));
}

TEST_F(CheckPatch, FindsVmlinuxTakenForAModule) {
  point_to(symbol("klp_objects").value + 168, "vmlinux");
  EXPECT_TRUE(finds("object-name", "object vmlinux"));
  EXPECT_TRUE(finds("object-duplicate", "object vmlinux"));
}

TEST_F(CheckPatch, FindsACallbackInInitMemory) {
  auto& callback = relocation(".data", symbol("klp_objects").value + 168 + 16);
  callback.symbol = symbol_index("init_module");
  callback.addend = 0;
  EXPECT_TRUE(finds("patch-callback", "object demo"));
}

TEST_F(CheckPatch, FindsALivepatchSymbolThatTheKernelDoesNotHave) {
  rename(".klp.sym.vmlinux.helper,0", ".klp.sym.vmlinux.helpers,0");
  EXPECT_TRUE(finds("livepatch-symbol-unresolved", "symbol .klp.sym.vmlinux.helpers,0"));
}

TEST_F(CheckPatch, FindsALivepatchSymbolInInitMemory) {
  rename(".klp.sym.vmlinux.helper,0", ".klp.sym.vmlinux.boot_only,0");
  EXPECT_TRUE(finds("init-reference", "symbol .klp.sym.vmlinux.boot_only,0"));
}

TEST_F(CheckPatch, FindsANameThatCountsDifferentlyOnceTheModuleRuns) {
  // Two while demo loads, one of them in .init.text.
  rename(".klp.sym.demo.demo_helper,0", ".klp.sym.demo.demo_setup,0");
  EXPECT_TRUE(finds("livepatch-symbol-unresolved", "symbol .klp.sym.demo.demo_setup,0", "2 of its symbols"));
  rename(".klp.sym.demo.demo_setup,0", ".klp.sym.demo.demo_setup,2");
  EXPECT_TRUE(finds("livepatch-symbol-unresolved", "symbol .klp.sym.demo.demo_setup,2", "once the module runs"));
}

TEST_F(CheckPatch, FindsALivepatchSymbolThatIsNotNamedLikeOne) {
  rename(".klp.sym.vmlinux.helper,0", ".klp.sym.vmlinux.helper");
  EXPECT_TRUE(finds("livepatch-symbol", "symbol .klp.sym.vmlinux.helper", "must be named"));
  rename(".klp.sym.vmlinux.helper", "helper");
  EXPECT_TRUE(finds("livepatch-symbol", "symbol helper"));
}

TEST_F(CheckPatch, FindsALivepatchSymbolThatIsLeftToTheLoader) {
  symbol(".klp.sym.vmlinux.helper,0").section = SHN_UNDEF;
  EXPECT_TRUE(finds("livepatch-symbol", "symbol .klp.sym.vmlinux.helper,0", "SHN_LIVEPATCH"));
  EXPECT_TRUE(finds("undefined-symbol", "symbol .klp.sym.vmlinux.helper,0"));
}

TEST_F(CheckPatch, FindsALivepatchSymbolOutsideOfLivepatchRelocations) {
  auto& text = section(".text");
  auto& table = text.livepatch_relocations.front();
  text.relocations.push_back(table.relocations.front());
  table.relocations.erase(table.relocations.begin());
  EXPECT_TRUE(finds("livepatch-relocation", "show+0x12 (.rela.text)"));
}

TEST_F(CheckPatch, FindsAnOrdinarySymbolInLivepatchRelocations) {
  auto& text = section(".text");
  const auto call = use_of(".text", "_printk");
  std::erase(text.relocations, call);
  text.livepatch_relocations.front().relocations.push_back(call);
  EXPECT_TRUE(finds("livepatch-relocation", "show+0x1e (.klp.rela.vmlinux..text)"));
}

TEST_F(CheckPatch, FindsAKernelSymbolInAModulesRelocations) {
  rename(".klp.sym.demo.demo_helper,0", ".klp.sym.vmlinux.helper,1");
  EXPECT_TRUE(finds("livepatch-symbol-object", "symbol .klp.sym.vmlinux.helper,1", "for demo"));
}

TEST_F(CheckPatch, FindsAModulesSymbolInTheKernelsRelocations) {
  rename(".klp.sym.vmlinux.helper,0", ".klp.sym.demo.demo_open,0");
  EXPECT_TRUE(finds("livepatch-symbol-object", "symbol .klp.sym.demo.demo_open,0", "for vmlinux"));
}

TEST_F(CheckPatch, FindsAModulesRelocationsInASpecialSection) {
  auto& table = section("__jump_table");
  const auto key = use_of("__jump_table", "feature_key");
  std::erase(table.relocations, key);
  const auto mine =
      module.add(elf::Symbol{.name = ".klp.sym.demo.demo_open,0", .section = elf::shn_livepatch, .bind = STB_GLOBAL});
  table.livepatch_relocations.push_back(
      {.name = ".klp.rela.demo.__jump_table", .relocations = {{key.offset, key.type, mine, key.addend}}});
  EXPECT_TRUE(finds("livepatch-special-section", ".klp.rela.demo.__jump_table"));
}

TEST_F(CheckPatch, FindsALivepatchSectionNamedAfterAnother) {
  section(".text").livepatch_relocations.front().name = ".klp.rela.vmlinux..data";
  EXPECT_TRUE(finds("livepatch-section", ".klp.rela.vmlinux..data", ".text"));
}

TEST_F(CheckPatch, FindsTheBuildIdOfAnotherKernel) {
  section(".rodata").data[symbol("suture_kernel").value + 19] ^= 1;
  EXPECT_TRUE(finds("identity-kernel", "suture_kernel"));
}

TEST_F(CheckPatch, FindsAnInitThatDoesNotCompareTheBuildId) {
  use_of(".init.text", "vmlinux_build_id").symbol = symbol_index("pv_ops");
  EXPECT_TRUE(finds("identity-kernel", "init_module"));
}

TEST_F(CheckPatch, FindsTheBuildIdOfAnotherModule) {
  section(".data").data[symbol("suture_targets").value + 40] ^= 1;
  EXPECT_TRUE(finds("identity-module", "object demo", "build-id d1"));
}

TEST_F(CheckPatch, FindsATargetWithoutARecord) {
  cut(".data", symbol("suture_targets").value, 64);
  EXPECT_TRUE(finds("identity-module", "object demo", "not in suture_targets"));
}

TEST_F(CheckPatch, FindsABuildIdNoteLookedForInTheWrongPlace) {
  use_of(".data", ".klp.sym.demo._note_9,0").addend += 4;
  EXPECT_TRUE(finds("identity-module", "object demo", "_note_9"));
}

TEST_F(CheckPatch, FindsAModulesObjectThatIsPatchedUnseen) {
  auto& callback = relocation(".data", symbol("klp_objects").value + 168 + 16);
  callback.symbol = symbol_index("show");
  callback.addend = 0;
  EXPECT_TRUE(finds("identity-module", "object demo", "suture_enter_target"));
}

TEST_F(CheckPatch, FindsAFieldThatIsNotClearedWhenItsModuleGoes) {
  cut(".data", symbol("demo_fields").value, 16);
  EXPECT_TRUE(finds("identity-module", "object demo", "does not list demo_open+"));
}

TEST_F(CheckPatch, FindsAFieldOfWhichTooMuchIsCleared) {
  section(".data").data[symbol("demo_fields").value + 8] = 8;
  EXPECT_TRUE(finds("identity-module", "object demo", "lists 8 bytes at demo_open+"));
}

TEST_F(CheckPatch, FindsAnotherPlaceThatWouldBeCleared) {
  auto& relocations = section(".data").relocations;
  const auto list = symbol("demo_fields").value;
  std::ranges::find(relocations, list, &elf::Relocation::offset)->addend += 2;
  EXPECT_TRUE(finds("identity-module", "object demo", "lists 4 bytes at demo_open+"));
}

TEST_F(CheckPatch, FindsAJumpToCodeInWhichLivepatchLooksForNoTask) {
  auto& call = section(".text").data[symbol("peek").value + 5];  // behind that of __fentry__
  ASSERT_EQ(call, 0xe8);
  call = 0xe9;
  EXPECT_TRUE(finds("left-by-jump", "peek+", "jumps to quiet"));
  symbol("quiet").name = ".L.quiet";  // so that the kernel takes it for a part of peek
  EXPECT_FALSE(finds("left-by-jump"));
}

TEST_F(CheckPatch, NotesALivePatchThatHasNoIdentity) {
  symbol("suture_kernel").name = "a";
  symbol("suture_targets").name = "b";
  const auto report = check();
  EXPECT_TRUE(report.is_clean()) << text(report.findings);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0].id, "identity-unchecked");
}

}  // namespace
}  // namespace suture::check::testing
