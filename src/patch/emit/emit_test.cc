#include "patch/emit/emit.h"

#include <cstddef>

#include "patch/emit/scaffold/suture_tables.h"
#include "patch/testing/emit_case.h"

namespace suture::patch::emitter {
namespace {

class EmittedModule : public EmitCase {
 protected:
  UnitBuilder& a_fix() {
    auto& u = unit("fs/a.c");
    u.function("f", "a_shipped_function");
    return u;
  }
  UnitBuilder& a_module_fix() {
    shipped("a_module", {});
    auto& u = unit("drivers/a.c", "a_module");
    u.function("g", "a_function");
    return u;
  }
};

std::string string_at(const elf::Object& object, const std::string& target) {
  const auto plus = target.find('+');
  const auto& section = section_named(object, target.substr(0, plus));
  const auto* text = reinterpret_cast<const char*>(section.data.data());
  return text + std::stoul(target.substr(plus + 1));
}

TEST_F(EmittedModule, TellsLivepatchWhatReplacesWhat) {
  auto& u = a_fix();
  u.match.symbols["a_shipped_function"] = {.name = "a_shipped_function", .position = 3};
  const auto object = module();
  const auto& layouts = kernel.layouts;
  EXPECT_EQ(leads(object, "suture_patch", layouts.klp_patch.mod), "__this_module+0");
  EXPECT_EQ(leads(object, "suture_patch", layouts.klp_patch.states), "nowhere");
  ASSERT_EQ(leads(object, "suture_patch", layouts.klp_patch.objs), ".data+0");
  const auto& data = section_named(object, ".data");
  const auto& patch = object.symbols[object.find_symbol("suture_patch")];
  EXPECT_EQ(data.data[patch.value + layouts.klp_patch.replace], 1);
  EXPECT_EQ(leads(object, data, layouts.klp_object.name), "nowhere") << "vmlinux has no name";
  EXPECT_EQ(leads(object, data, layouts.klp_object.pre_patch), "nowhere");
  ASSERT_EQ(leads(object, data, layouts.klp_object.funcs), ".data+128") << "after one object and the array's end";
  EXPECT_EQ(string_at(object, leads(object, data, 128 + layouts.klp_func.old_name)), "a_shipped_function");
  EXPECT_EQ(leads(object, data, 128 + layouts.klp_func.new_func), "f+0");
  EXPECT_EQ(load_le<std::uint64_t>(data.data, 128 + layouts.klp_func.old_sympos), 3U);
}

TEST_F(EmittedModule, PutsVmlinuxFirstAndModulesInOrder) {
  shipped("b_module", {});
  unit("drivers/b.c", "b_module").function("h", "a_function");
  a_module_fix();
  a_fix();
  const auto result = emit();
  ASSERT_TRUE(result);
  ASSERT_EQ(result->objects.size(), 3U);
  EXPECT_EQ(result->objects[0].name, "vmlinux");
  EXPECT_EQ(result->objects[1].name, "a_module");
  EXPECT_EQ(result->objects[2].name, "b_module");
  ASSERT_EQ(result->functions.size(), 3U);
  EXPECT_EQ(result->functions[0].source, "drivers/b.c") << "functions stay in the fix's order";
}

TEST_F(EmittedModule, ChecksTheBuildIdOfAModuleBeforeAnythingElse) {
  a_module_fix();
  const auto object = module();
  const auto& data = section_named(object, ".data");
  EXPECT_EQ(string_at(object, leads(object, data, kernel.layouts.klp_object.name)), "a_module");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.pre_patch), "suture_enter_target+0");
  EXPECT_EQ(leads(object, data, kernel.layouts.klp_object.post_unpatch), "suture_leave_target+0");
  EXPECT_EQ(leads(object, "suture_targets", offsetof(suture_target, note)),
            ".klp.rela.a_module..data: .klp.sym.a_module._note_10,0-36");
  const auto& targets = object.symbols[object.find_symbol("suture_targets")];
  const auto id = ByteView(data.data).subspan(targets.value + offsetof(suture_target, build_id), SUTURE_BUILD_ID_SIZE);
  EXPECT_EQ(to_hex(id), module_build_id);
}

TEST_F(EmittedModule, ListsEveryFieldThatHoldsAModulesAddress) {
  auto& u = a_module_fix();
  u.refer(1, 8, u.undefined("a_function", "a_function"));
  const auto object = module();
  const auto fields = leads(object, "suture_targets", offsetof(suture_target, fields));
  ASSERT_TRUE(fields.starts_with(".data+")) << fields;
  const auto at = std::stoul(fields.substr(6));
  const auto& data = section_named(object, ".data");
  const auto second = at + sizeof(suture_field);
  EXPECT_EQ(leads(object, data, at + offsetof(suture_field, where)), ".text+72") << "after 64 bytes of scaffold";
  EXPECT_EQ(load_le<std::uint64_t>(data.data, at + offsetof(suture_field, size)), 4U);
  const auto& targets = object.symbols[object.find_symbol("suture_targets")];
  EXPECT_EQ(leads(object, data, second + offsetof(suture_field, where)),
            fmt::format(".data+{}", targets.value + offsetof(suture_target, note)));
  EXPECT_EQ(load_le<std::uint64_t>(data.data, second + offsetof(suture_field, size)), 8U);
  EXPECT_EQ(leads(object, data, second + sizeof(suture_field)), "nowhere");
}

TEST_F(EmittedModule, LeavesClearingToAKernelThatDoesItItself) {
  a_module_fix();
  const auto kernel_clears = [&] {
    const auto object = module();
    const auto& targets = object.symbols[object.find_symbol("suture_targets")];
    return load_le<std::uint32_t>(section_named(object, ".data").data,
                                  targets.value + offsetof(suture_target, kernel_clears));
  };
  EXPECT_EQ(kernel_clears(), 0U);
  kernel.clears_relocations = true;
  EXPECT_EQ(kernel_clears(), 1U);
}

TEST_F(EmittedModule, KeepsAVariableOfNoSize) {  // a lock's class, without lockdep
  auto& u = a_fix();
  const auto key = add_section(u.delta.object, ".bss.__key.5", SHF_WRITE, 0);
  u.delta.object.sections[key].type = SHT_NOBITS;
  u.refer(1, 8, u.delta.object.add(elf::Symbol{.name = "__key.5", .section = key}), R_X86_64_32S, 0);
  EXPECT_EQ(leads(module(), section_named(module(), ".text"), 64 + 8), "__key.5+0");
}

TEST_F(EmittedModule, SaysWhatItIsInAFixedOrder) {
  auto& u = a_fix();
  u.call(1, "in_namespace");
  const auto object = module();
  const auto& info = section_named(object, ".modinfo").data;
  std::string text(info.begin(), info.end());
  std::replace(text.begin(), text.end(), '\0', '|');
  EXPECT_EQ(text,
            "license=GPL|livepatch=Y|name=a_patch|vermagic=6.1.0 SMP |retpoline=Y|depends=|import_ns=A_NAMESPACE|"
            "suture_objects=vmlinux|suture_kernel_build_id=00112233445566778899aabbccddeeff00112233|cve=CVE-2026-1|");
}

TEST_F(EmittedModule, HasAChecksumForEveryExportItUses) {
  auto& u = a_fix();
  u.call(1, "in_namespace");
  u.refer(1, 9, u.undefined("exported"));
  const auto object = module();
  const auto& versions = section_named(object, "__versions").data;
  ASSERT_EQ(versions.size(), 3 * 64U);
  const auto entry = [&](std::size_t i) {
    return fmt::format("{:x} {}", load_le<std::uint64_t>(versions, i * 64),
                       reinterpret_cast<const char*>(versions.data() + i * 64 + 8));
  };
  EXPECT_EQ(entry(0), "11111111 module_layout");
  EXPECT_EQ(entry(1), "22222222 exported");
  EXPECT_EQ(entry(2), "33333333 in_namespace");
}

TEST_F(EmittedModule, IsAModuleToTheLoader) {
  a_fix();
  const auto object = module();
  const auto& self = section_named(object, ".gnu.linkonce.this_module");
  EXPECT_EQ(self.size, kernel.layouts.module.size);
  EXPECT_EQ(self.alignment, 64U);
  EXPECT_EQ(self.flags, std::uint64_t{SHF_ALLOC | SHF_WRITE});
  EXPECT_STREQ(reinterpret_cast<const char*>(self.data.data() + kernel.layouts.module.name), "a_patch");
  EXPECT_EQ(leads(object, self, kernel.layouts.module.init), "init_module+0");
  EXPECT_EQ(leads(object, self, kernel.layouts.module.exit), "cleanup_module+0");
}

TEST_F(EmittedModule, IsTheSameByteForByte) {
  a_module_fix();
  a_fix();
  const auto once = emit();
  const auto again = emit();
  ASSERT_TRUE(once && again);
  EXPECT_EQ(once->module, again->module);
}

TEST_F(EmittedModule, HasABuildIdThatFollowsItsContent) {
  const auto id = [&] {
    const auto object = module();
    return to_hex(ByteView(section_named(object, ".note.gnu.build-id").data).last(SUTURE_BUILD_ID_SIZE));
  };
  auto& u = a_fix();
  const auto before = id();
  EXPECT_NE(before, std::string(40, '0'));
  u.delta.object.sections[1].data[31] = 0x90;
  EXPECT_NE(id(), before);
}

TEST_F(EmittedModule, MergesSectionsLikeKbuildAndKeepsEveryAlignment) {
  auto& u = unit("fs/a.c");
  u.function("f", "a_shipped_function");
  auto& object = u.delta.object;
  add_section(object, ".text.unlikely.f", SHF_EXECINSTR, 3);
  add_section(object, ".rodata.table", 0, 5, 1);
  add_section(object, ".rodata.other", 0, 8, 32);
  add_section(object, ".bss.counter", SHF_WRITE, 8, 8);
  object.sections.back().type = SHT_NOBITS;
  object.sections.back().data.clear();
  add_section(object, ".data..percpu..read_mostly", SHF_WRITE, 8, 8);
  const auto strings = add_section(object, ".rodata.f.str1.1", SHF_MERGE | SHF_STRINGS, 4);
  object.sections[strings].entry_size = 1;
  const auto result = module();
  EXPECT_EQ(section_named(result, ".text").size, 64 + 32U);
  EXPECT_EQ(section_named(result, ".text.unlikely").size, 3U);
  EXPECT_EQ(section_named(result, ".rodata").size, 68U) << "suture_kernel comes first, as the compiler puts it";
  EXPECT_EQ(section_named(result, ".rodata").alignment, 32U);
  EXPECT_EQ(section_named(result, ".bss").type, std::uint32_t{SHT_NOBITS});
  EXPECT_EQ(section_named(result, ".data..percpu").size, 8U);
  EXPECT_TRUE(section_named(result, ".rodata.str1.1").is_strings());
}

TEST_F(EmittedModule, ClearsFieldsThatTheLoaderWantsToBeZero) {
  auto& u = a_fix();
  u.call(1, "unexported");
  u.delta.object.sections[1].data.assign(32, 0xff);
  const auto object = module();
  const auto& text = section_named(object, ".text").data;
  EXPECT_EQ(load_le<std::uint32_t>(text, 65), 0U);
  EXPECT_EQ(text[64], 0xff);
  EXPECT_EQ(text[69], 0xff);
}

TEST_F(EmittedModule, RefusesAModulesSymbolInATableThatIsReadBeforeTheModuleComes) {
  auto& u = a_module_fix();
  const auto table = add_section(u.delta.object, "__jump_table", SHF_WRITE, 16, 8);
  u.refer(table, 8, u.undefined("a_function", "a_function"), R_X86_64_PC64);
  EXPECT_EQ(refusal(), "module-special-section");
}

TEST_F(EmittedModule, LetsVmlinuxSymbolsIntoSuchATable) {
  auto& u = a_module_fix();
  const auto table = add_section(u.delta.object, "__jump_table", SHF_WRITE, 16, 8);
  u.refer(table, 8, u.undefined("unexported"), R_X86_64_PC64);
  const auto object = module();
  EXPECT_EQ(leads(object, section_named(object, "__jump_table"), 8),
            ".klp.rela.vmlinux.__jump_table: .klp.sym.vmlinux.unexported,0-4");
}

TEST_F(EmittedModule, RefusesAModulesSymbolInAnInstructionThatAlternativesReplace) {
  auto& u = a_module_fix();
  u.refer(1, 9, u.undefined("a_function", "a_function"));
  const auto table = add_section(u.delta.object, ".altinstructions", 0, 12);
  u.delta.object.sections[table].data[10] = 5;
  u.refer(table, 0, u.delta.functions[0].symbol, R_X86_64_PC32, 8);
  EXPECT_EQ(refusal(), "module-special-section");
  u.delta.object.sections[table].relocations[0].addend = 16;
  EXPECT_NE(section_named(module(), ".altinstructions").size, 0U);
}

TEST_F(EmittedModule, ListsNoCallThatIsBoundOnceAModuleIsThere) {
  auto& u = a_module_fix();
  u.refer(1, 9, u.undefined("a_function", "a_function"));
  u.refer(1, 19, u.undefined("exported"));
  const auto calls = add_section(u.delta.object, ".call_sites", 0, 8, 4);
  u.refer(calls, 0, u.delta.functions[0].symbol, R_X86_64_PC32, 8);
  u.refer(calls, 4, u.delta.functions[0].symbol, R_X86_64_PC32, 18);
  const auto object = module();
  const auto& listed = section_named(object, ".call_sites");
  EXPECT_EQ(listed.size, 4U);
  const auto& target = object.symbols[object.find_symbol(u.delta.functions[0].name)];
  ASSERT_EQ(listed.relocations.size(), 1U);
  EXPECT_EQ(leads(object, listed, 0), fmt::format("{}+18", target.name));
}

TEST_F(EmittedModule, RefusesInitCode) {
  auto& u = a_fix();
  add_section(u.delta.object, ".init.text", SHF_EXECINSTR, 8);
  EXPECT_EQ(refusal(), "init-code");
}

TEST_F(EmittedModule, RefusesTwoDefinitionsOfAGlobal) {
  a_fix().function("added", "", STB_GLOBAL);
  unit("fs/b.c").function("added", "", STB_GLOBAL);
  EXPECT_EQ(refusal(), "duplicate-definition");
}

TEST_F(EmittedModule, LetsTwoObjectsDefineTheSameGlobal) {
  a_fix().function("added", "", STB_GLOBAL);
  auto& u = a_module_fix();
  u.function("added", "", STB_GLOBAL);
  const auto object = module();
  EXPECT_EQ(
      std::count_if(object.symbols.begin(), object.symbols.end(), [](const auto& s) { return s.name == "added"; }), 2);
}

TEST_F(EmittedModule, RefusesToReplaceAFunctionTwice) {
  a_fix();
  unit("fs/b.c").function("f", "a_shipped_function");
  EXPECT_EQ(refusal(), "duplicate-definition");
}

TEST_F(EmittedModule, RefusesAModuleThatHasNoBuildId) {
  ShippedBuilder builder;
  builder.object.sections[builder.note].name = ".note.something";
  builder.object.sections[builder.note].data[8] = 1;
  shipped("a_module", builder);
  unit("drivers/a.c", "a_module").function("g", "a_function");
  EXPECT_EQ(refusal(), "module-without-build-id");
}

TEST_F(EmittedModule, NoticesACallOfFentryThatFtraceWouldNotFind) {
  auto& u = a_fix();
  u.call(1, "__fentry__");
  EXPECT_EQ(failure(), ".text+0x40 calls __fentry__, but __mcount_loc does not list it");
  const auto table = add_section(u.delta.object, "__mcount_loc", 0, 8, 8);
  u.refer(table, 0, u.delta.functions[0].symbol, R_X86_64_64, 0);
  EXPECT_EQ(section_named(module(), "__mcount_loc").size, 8U);
  u.delta.object.sections[table].relocations[0].addend = 1;
  EXPECT_EQ(failure(), ".text+0x40 calls __fentry__, but __mcount_loc does not list it");
}

TEST_F(EmittedModule, RefusesARelocationThatTheLoaderDoesNotKnow) {
  auto& u = a_fix();
  u.refer(1, 8, u.undefined("exported"), R_X86_64_GOTPCREL);
  EXPECT_NE(failure().find("which the kernel's module loader does not know"), std::string::npos);
}

TEST_F(EmittedModule, RefusesARelocationBeyondItsSection) {
  auto& u = a_fix();
  u.refer(1, 30, u.undefined("exported"));
  EXPECT_EQ(failure(), "fs/a.c: .text.f+0x1e relocates 4 bytes that are not there");
}

TEST_F(EmittedModule, RefusesAReferenceToWhatWasLeftOut) {
  auto& u = a_fix();
  const auto dropped = add_section(u.delta.object, ".discard.addressable", SHF_WRITE, 8);
  u.refer(1, 8, u.delta.object.add(elf::Symbol{.section = dropped, .type = STT_SECTION}));
  EXPECT_NE(failure().find(".discard.addressable is not a part of the live patch"), std::string::npos);
}

TEST_F(EmittedModule, RefusesATableWithGapsBetweenItsEntries) {
  auto& u = a_fix();
  add_section(u.delta.object, "__ex_table", 0, 10, 8);
  auto& v = unit("fs/b.c");
  v.function("g", "unexported");
  add_section(v.delta.object, "__ex_table", 0, 12, 8);
  EXPECT_NE(failure().find("the gap would be read as an entry"), std::string::npos);
}

TEST_F(EmittedModule, RefusesMemoryThatIsBothWritableAndExecutable) {
  auto& u = a_fix();
  add_section(u.delta.object, ".text.patched", SHF_EXECINSTR | SHF_WRITE, 8);
  EXPECT_NE(failure().find("both writable and executable"), std::string::npos);
}

TEST_F(EmittedModule, RefusesASectionOfHostileSize) {
  auto& u = a_fix();
  const auto bss = add_section(u.delta.object, ".bss.huge", SHF_WRITE, 0);
  u.delta.object.sections[bss].type = SHT_NOBITS;
  u.delta.object.sections[bss].size = ~std::uint64_t{0};
  EXPECT_NE(failure().find("would grow beyond"), std::string::npos);
}

}  // namespace
}  // namespace suture::patch::emitter
