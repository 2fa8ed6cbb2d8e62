#include "patch/testing/emit_case.h"

namespace suture::patch::emitter {
namespace {

class Emit : public EmitCase {
 protected:
  /// What a call of `name` in a replaced function of vmlinux leads to.
  std::string call_leads(const std::string& name, const std::string& original = "") {
    auto& u = unit("fs/a.c");
    u.call(u.function("f", "a_shipped_function"), name, original);
    return leads(module(), "f", 1);
  }
  std::string call_is_refused(const std::string& name) {
    auto& u = unit("fs/a.c");
    u.call(u.function("f", "a_shipped_function"), name);
    return refusal();
  }
  /// The same in a module.
  UnitBuilder& module_unit(const std::string& call) {
    auto& u = unit("drivers/a.c", "a_module");
    u.call(u.function("f", "a_function"), call);
    return u;
  }
};

TEST_F(Emit, AnExportIsAnUndefinedSymbol) { EXPECT_EQ(call_leads("exported"), "exported-4"); }

TEST_F(Emit, AnUnexportedSymbolIsReachedByLivepatch) {
  EXPECT_EQ(call_leads("unexported"), ".klp.rela.vmlinux..text: .klp.sym.vmlinux.unexported,0-4");
}

TEST_F(Emit, OfTwoSymbolsOfANameOtherFilesSeeTheGlobalOne) {
  EXPECT_EQ(call_leads("twice"), ".klp.rela.vmlinux..text: .klp.sym.vmlinux.twice,2-4");
}

TEST_F(Emit, WhatStaysInTheFileHasThePositionThatMatchingFound) {
  auto& u = unit("fs/a.c");
  u.match.symbols["two_statics"] = {.name = "two_statics", .position = 2};
  u.call(u.function("f", "a_shipped_function"), "two_statics", "two_statics");
  EXPECT_EQ(leads(module(), "f", 1), ".klp.rela.vmlinux..text: .klp.sym.vmlinux.two_statics,2-4");
}

TEST_F(Emit, WhatStaysInTheFileAndIsExportedNeedsNoLivepatchRelocation) {
  EXPECT_EQ(call_leads("exported", "exported"), "exported-4");
}

TEST_F(Emit, AStaticThatSharesItsNameWithAnExportIsNotTheExport) {
  auto& u = unit("fs/a.c");
  u.match.symbols["exported"] = {.name = "exported", .position = 1};
  u.call(u.function("f", "a_shipped_function"), "exported", "exported");
  EXPECT_EQ(leads(module(), "f", 1), ".klp.rela.vmlinux..text: .klp.sym.vmlinux.exported,1-4");
}

TEST_F(Emit, WhatAnotherFileOfTheFixAddsComesBeforeTheKernels) {
  unit("fs/b.c").function("exported", "", STB_GLOBAL);
  EXPECT_EQ(call_leads("exported"), "exported-4");
  const auto object = module();
  EXPECT_TRUE(object.symbols[object.find_symbol("exported")].is_defined());
}

TEST_F(Emit, AStaticOfAnotherFileIsNotSeen) {
  unit("fs/b.c").function("unexported", "");
  EXPECT_EQ(call_leads("unexported"), ".klp.rela.vmlinux..text: .klp.sym.vmlinux.unexported,0-4");
}

TEST_F(Emit, AModulesOwnGlobalComesBeforeAnExportOfItsName) {
  ShippedBuilder builder;
  builder.symbol("exported", builder.text, 16, STB_GLOBAL);
  shipped("a_module", builder);
  module_unit("exported");
  EXPECT_EQ(leads(module(), "f", 1), ".klp.rela.a_module..text: .klp.sym.a_module.exported,0-4");
}

TEST_F(Emit, AModulesStaticDoesNotHideAnExportFromItsOtherFiles) {
  ShippedBuilder builder;
  builder.symbol("exported", builder.text, 16);
  shipped("a_module", builder);
  module_unit("exported");
  EXPECT_EQ(leads(module(), "f", 1), "exported-4");
}

TEST_F(Emit, AnotherModulesExportIsWaitedForWithThePatchedModule) {
  shipped("a_module", {});
  module_unit("of_other_module");
  EXPECT_EQ(leads(module(), "f", 1), ".klp.rela.a_module..text: .klp.sym.other_module.of_other_module,0-4");
}

TEST_F(Emit, AModulesCodeReachesVmlinuxWithoutWaitingForTheModule) {
  shipped("a_module", {});
  module_unit("unexported");
  EXPECT_EQ(leads(module(), "f", 1), ".klp.rela.vmlinux..text: .klp.sym.vmlinux.unexported,0-4");
}

TEST_F(Emit, ThisModuleIsThePatchedModule) {
  shipped("a_module", {});
  module_unit("__this_module");
  EXPECT_EQ(leads(module(), "f", 1), ".klp.rela.a_module..text: .klp.sym.a_module.__this_module,0-4");
}

TEST_F(Emit, OnlyTheScaffoldsThisModuleIsTheLivePatchItself) {
  unit("fs/a.c").function("f", "a_shipped_function");
  const auto symbol = scaffold.add(elf::Symbol{.name = "__this_module", .section = SHN_UNDEF, .bind = STB_GLOBAL});
  scaffold.sections[1].relocations.push_back({1, R_X86_64_32S, symbol, 24});
  EXPECT_EQ(leads(module(), "init_module", 1), "__this_module+24");
}

TEST_F(Emit, AnExportWhoseNameIsTooLongForItsChecksumIsReachedByLivepatch) {
  const std::string name = "a_name_that_is_far_too_long_for_the_table_of_symbol_versions";
  symbols.push_back({name, 0xffffffff81001000, 'T'});
  EXPECT_EQ(call_leads(name), ".klp.rela.vmlinux..text: .klp.sym.vmlinux." + name + ",0-4");
}

TEST_F(Emit, AWeakSymbolThatTheKernelLacksStaysWeak) {
  auto& u = unit("fs/a.c");
  u.refer(u.function("f", "a_shipped_function"), 1, u.undefined("lacking", "", STB_WEAK));
  const auto object = module();
  EXPECT_EQ(object.symbols[object.find_symbol("lacking")].bind, STB_WEAK);
  EXPECT_EQ(section_named(object, "__versions").size, 64U);
}

TEST_F(Emit, RefusesASymbolThatNobodyHas) { EXPECT_EQ(call_is_refused("lacking"), "unresolved-symbol"); }
TEST_F(Emit, RefusesAnAmbiguousSymbol) { EXPECT_EQ(call_is_refused("two_statics"), "unresolved-symbol"); }
TEST_F(Emit, RefusesASymbolOfInitMemory) { EXPECT_EQ(call_is_refused("of_init"), "init-reference"); }
TEST_F(Emit, RefusesVmlinuxCodeThatUsesAModule) {
  EXPECT_EQ(call_is_refused("of_other_module"), "vmlinux-uses-module");
}
TEST_F(Emit, RefusesThisModuleInVmlinux) { EXPECT_EQ(call_is_refused("__this_module"), "unresolved-symbol"); }

TEST_F(Emit, RefusesTheAddressOfAFunctionThatTheKernelOnlyCalls) {
  kernel.tracks_indirect_branches = true;
  kernel.is_indirect_target = [](std::uint64_t address) { return address == 0xffffffff81000500; };
  auto& u = unit("fs/a.c");
  const auto table = add_section(u.delta.object, ".data", SHF_WRITE, 16, 8);
  u.refer(u.function("f", "a_shipped_function"), 1, u.undefined("exported"));
  u.refer(table, 0, u.undefined("unexported"), R_X86_64_64, 0);
  EXPECT_NE(module().sections.size(), 0U) << "one is called, the other may be pointed to";
  u.refer(table, 8, u.undefined("exported"), R_X86_64_64, 0);
  EXPECT_EQ(refusal(), "no-endbr");
}

TEST_F(Emit, RefusesAPerCpuVariableAtAddressZero) {
  symbols.insert(symbols.begin(), {"first_per_cpu", 0, 'A'});
  EXPECT_EQ(call_is_refused("first_per_cpu"), "unresolved-symbol");
}

TEST_F(Emit, RefusesASymbolThatLivepatchCannotSpell) {
  symbols.push_back({"with,comma", 0xffffffff81001000, 't'});
  EXPECT_EQ(call_is_refused("with,comma"), "symbol-name");
}

TEST_F(Emit, RefusesAModulesNameThatInitCodeShares) {
  ShippedBuilder builder;
  builder.symbol("helper", builder.init_text, 0);
  builder.symbol("helper", builder.text, 16, STB_GLOBAL);
  shipped("a_module", builder);
  module_unit("helper");
  EXPECT_EQ(refusal(), "unresolved-symbol");
}

TEST_F(Emit, RefusesWhatMatchingFoundToBeOutOfReach) {
  auto& u = unit("fs/a.c");
  u.match.unreachable["unexported"] = "init code has the same name";
  u.call(u.function("f", "a_shipped_function"), "unexported", "unexported");
  EXPECT_EQ(refusal(), "unresolved-symbol");
}

TEST_F(Emit, NamesEveryReplacedFunctionOnceItIsKnown) {
  unit("fs/a.c").function("f", "two_statics");
  units.back().match.symbols.clear();
  EXPECT_EQ(refusal(), "unresolved-symbol");
}

}  // namespace
}  // namespace suture::patch::emitter
