// A made-up kernel, modules and fix for tests of emit. Code is bytes without meaning; what counts is
// where its relocations lead.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>

#include "patch/emit/kernel.h"

namespace suture::patch::emitter {

constexpr std::string_view kernel_build_id = "00112233445566778899aabbccddeeff00112233";
constexpr std::string_view module_build_id = "ffeeddccbbaa99887766554433221100ffeeddcc";

inline elf::SectionIndex add_section(elf::Object& object, std::string name, std::uint64_t flags, std::size_t size,
                                     std::uint64_t alignment = 1) {
  return object.add(elf::Section{
      .name = std::move(name), .flags = SHF_ALLOC | flags, .alignment = alignment, .data = Bytes(size), .size = size});
}

/// One source file's delta, and what was found out about its shipped code.
class UnitBuilder {
 public:
  explicit UnitBuilder(std::string source) { delta.source = std::move(source); }

  /// A function of 32 bytes in a section of its own. Replaces `original` unless that is empty.
  elf::SectionIndex function(const std::string& name, const std::string& original, std::uint8_t bind = STB_LOCAL) {
    const auto section = add_section(delta.object, ".text." + name, SHF_EXECINSTR, 32, 16);
    const auto symbol =
        delta.object.add(elf::Symbol{.name = name, .size = 32, .section = section, .bind = bind, .type = STT_FUNC});
    delta.functions.push_back(
        {.name = name, .why = original.empty() ? Why::added : Why::changed, .symbol = symbol, .original = original});
    if (!original.empty()) match.symbols.try_emplace(original, ShippedSymbol{.name = original});
    return section;
  }
  elf::SymbolIndex undefined(const std::string& name, const std::string& original = "",
                             std::uint8_t bind = STB_GLOBAL) {
    const auto symbol = delta.object.add(elf::Symbol{.name = name, .section = SHN_UNDEF, .bind = bind});
    delta.references.push_back({symbol, original});
    return symbol;
  }
  void refer(elf::SectionIndex from, std::uint64_t offset, elf::SymbolIndex to, std::uint32_t type = R_X86_64_PLT32,
             std::int64_t addend = -4) {
    delta.object.sections[from].relocations.push_back({offset, type, to, addend});
  }
  /// A call of `name` at the beginning of the section, as the compiler makes them.
  void call(elf::SectionIndex from, const std::string& name, const std::string& original = "") {
    refer(from, 1, undefined(name, original));
  }

  Delta delta;
  MatchResult match;
};

/// A module as shipped: one function `a_function`, kbuild's notes, and what a test adds.
class ShippedBuilder {
 public:
  ShippedBuilder() {
    note = add_section(object, ".note.gnu.build-id", 0, 0, 4);
    object.sections[note].type = SHT_NOTE;
    auto& id = object.sections[note].data;
    for (const std::uint32_t word : {4U, 20U, 3U}) append_le(id, word);
    for (const char c : {'G', 'N', 'U', '\0'}) id.push_back(static_cast<std::uint8_t>(c));
    const auto digest = from_hex(module_build_id);
    id.insert(id.end(), digest->begin(), digest->end());
    object.sections[note].size = id.size();
    linux_note = add_section(object, ".note.Linux", 0, 60, 4);
    symbol("_note_10", linux_note, 0);
    text = add_section(object, ".text", SHF_EXECINSTR, 64, 16);
    init_text = add_section(object, ".init.text", SHF_EXECINSTR, 64, 16);
    symbol("a_function", text, 0);
    const auto self = add_section(object, ".gnu.linkonce.this_module", SHF_WRITE, 64, 64);
    symbol("__this_module", self, 0, STB_GLOBAL);
  }
  void symbol(const std::string& name, elf::SectionIndex section, std::uint64_t value, std::uint8_t bind = STB_LOCAL) {
    object.add(elf::Symbol{.name = name, .value = value, .section = section, .bind = bind});
  }
  image::ShippedModule build(const std::string& name) const {
    auto whole = object;
    std::string info = "name=" + name;
    info += '\0';
    info += "vermagic=6.1.0 SMP ";
    info += '\0';
    const auto modinfo = add_section(whole, ".modinfo", 0, info.size());
    whole.sections[modinfo].data.assign(info.begin(), info.end());
    auto module = image::ShippedModule::parse(*elf::write_object(whole), name + ".ko");
    EXPECT_TRUE(module) << module.error().describe();
    return std::move(*module);
  }

  elf::Object object;
  elf::SectionIndex note = 0, linux_note = 0, text = 0, init_text = 0;
};

/// The made-up kernel and the request to emit for it.
class EmitCase : public ::testing::Test {
 protected:
  EmitCase() {
    kernel.symvers = &symvers;
    kernel.layouts = {.klp_func = {.size = 40, .old_name = 0, .new_func = 8, .old_sympos = 16},
                      .klp_object = {.size = 64,
                                     .name = 0,
                                     .funcs = 8,
                                     .pre_patch = 16,
                                     .post_patch = 24,
                                     .pre_unpatch = 32,
                                     .post_unpatch = 40},
                      .klp_state = {.size = 24, .id = 0, .version = 8},
                      .klp_patch = {.size = 48, .mod = 0, .objs = 8, .states = 16, .replace = 24},
                      .module = {.size = 256, .name = 24, .name_size = 56, .init = 128, .exit = 136},
                      .alt_instr = {.size = 12, .instr_offset = 0, .instrlen = 10}};
    kernel.build_id = *from_hex(kernel_build_id);
    kernel.in_init = [](std::uint64_t address) { return address >= 0xffffffff82000000; };
    const auto text = add_section(scaffold, ".text", SHF_EXECINSTR, 64, 16);
    std::uint64_t at = 0;
    for (const auto* name : {"init_module", "cleanup_module", "suture_enter_target", "suture_leave_target"}) {
      scaffold.add(
          elf::Symbol{.name = name, .value = at, .size = 16, .section = text, .bind = STB_GLOBAL, .type = STT_FUNC});
      at += 16;
    }
  }

  UnitBuilder& unit(const std::string& source, const std::string& object = "vmlinux") {
    units.emplace_back(source);
    objects.push_back(object);
    return units.back();
  }
  void shipped(const std::string& name, const ShippedBuilder& builder) {
    modules.insert_or_assign(name, std::make_unique<image::ShippedModule>(builder.build(name)));
  }

  Result<EmitResult> emit() {
    const image::Kallsyms kallsyms(symbols);
    kernel.symbols = &kallsyms;
    EmitRequest request{.name = "a_patch",
                        .units = {},
                        .image = nullptr,
                        .symvers = &symvers,
                        .vermagic = "6.1.0 SMP ",
                        .scaffold = &scaffold,
                        .modinfo = {},
                        .cves = {"CVE-2026-1"}};
    for (std::size_t i = 0; i < units.size(); ++i) {
      const auto module = modules.find(objects[i]);
      request.units.push_back({.delta = &units[i].delta,
                               .match = &units[i].match,
                               .object = objects[i],
                               .module = module == modules.end() ? nullptr : module->second.get()});
    }
    return emit_for(kernel, request);
  }

  elf::Object module() {
    auto result = emit();
    EXPECT_TRUE(result) << result.error().describe();
    if (!result) return {};
    for (const auto& refusal : result->refusals) ADD_FAILURE() << refusal.place << ": " << refusal.reason;
    auto object = elf::read_object(result->module, "a_patch.ko");
    EXPECT_TRUE(object) << object.error().describe();
    return object ? *object : elf::Object{};
  }

  /// The code of the only refusal; what went otherwise in other words.
  std::string refusal() {
    const auto result = emit();
    if (!result) return "failed: " + result.error().describe();
    if (result->refusals.size() != 1) return fmt::format("{} refusals", result->refusals.size());
    EXPECT_TRUE(result->module.empty());
    EXPECT_FALSE(result->refusals[0].advice.empty());
    return result->refusals[0].code;
  }
  std::string failure() {
    const auto result = emit();
    return result ? "did not fail" : result.error().describe();
  }

  std::vector<image::KernelSymbol> symbols{{"a_shipped_function", 0xffffffff81000000, 't'},
                                           {"twice", 0xffffffff81000100, 't'},
                                           {"twice", 0xffffffff81000200, 'T'},
                                           {"two_statics", 0xffffffff81000300, 't'},
                                           {"two_statics", 0xffffffff81000400, 't'},
                                           {"unexported", 0xffffffff81000500, 'T'},
                                           {"exported", 0xffffffff81000600, 'T'},
                                           {"of_init", 0xffffffff82000000, 't'}};
  image::Symvers symvers = *image::Symvers::parse(
      "0x11111111\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n"
      "0x22222222\texported\tvmlinux\tEXPORT_SYMBOL_GPL\t\n"
      "0x33333333\tin_namespace\tvmlinux\tEXPORT_SYMBOL_GPL\tA_NAMESPACE\n"
      "0x44444444\tof_other_module\tdrivers/other-module\tEXPORT_SYMBOL\t\n"
      "0x55555555\ta_name_that_is_far_too_long_for_the_table_of_symbol_versions\tvmlinux\tEXPORT_SYMBOL\t\n"
      "0x66666666\t__fentry__\tvmlinux\tEXPORT_SYMBOL\t\n",
      "Module.symvers");
  EmitKernel kernel;
  elf::Object scaffold;
  std::deque<UnitBuilder> units;
  std::vector<std::string> objects;
  std::map<std::string, std::unique_ptr<image::ShippedModule>> modules;
};

/// "symbol+addend", where the relocation of that field leads; with "late: " before it if livepatch
/// applies it for a module.
inline std::string leads(const elf::Object& object, const elf::Section& section, std::uint64_t offset) {
  const auto describe = [&](const elf::Relocation& relocation) {
    const auto& symbol = object.symbols[relocation.symbol];
    const auto name = symbol.is_section() ? object.sections[symbol.section].name : symbol.name;
    return fmt::format("{}{:+}", name, relocation.addend);
  };
  for (const auto& relocation : section.relocations) {
    if (relocation.offset == offset) return describe(relocation);
  }
  for (const auto& table : section.livepatch_relocations) {
    for (const auto& relocation : table.relocations) {
      if (relocation.offset == offset) return table.name + ": " + describe(relocation);
    }
  }
  return "nowhere";
}

inline const elf::Section& section_named(const elf::Object& object, std::string_view name) {
  return object.sections[object.find_section(name)];
}

/// Where a symbol's own byte `offset` leads.
inline std::string leads(const elf::Object& object, std::string_view name, std::uint64_t offset) {
  const auto& symbol = object.symbols[object.find_symbol(name)];
  return leads(object, object.sections[symbol.section], symbol.value + offset);
}

}  // namespace suture::patch::emitter
