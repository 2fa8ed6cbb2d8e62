#include "patch/callers/module_uses.h"

#include "patch/testing/emit_case.h"

namespace suture::patch {
namespace {

using emitter::ShippedBuilder;

/// A module whose function `caller` is 32 bytes of code that a test gives, followed by `helper`.
class ModuleUses : public ::testing::Test {
 protected:
  ModuleUses() {
    builder.object.sections[builder.text].data.assign(64, 0x90);
    add("caller", builder.text, 0);
    add("helper", builder.text, 32);
    add("setup", builder.init_text, 0);
    import = builder.object.add(elf::Symbol{.name = "quiet", .bind = STB_GLOBAL});
  }

  void add(const std::string& name, elf::SectionIndex section, std::uint64_t value) {
    builder.object.add(elf::Symbol{.name = name, .value = value, .size = 32, .section = section, .type = STT_FUNC});
  }
  void code(elf::SectionIndex section, const Bytes& bytes, elf::Relocation relocation) {
    auto& to = builder.object.sections[section];
    std::copy(bytes.begin(), bytes.end(), to.data.begin());
    to.relocations.push_back(relocation);
  }

  std::vector<ShippedUse> uses(const std::string& own = "") {
    module = builder.build("a_module");
    std::set<std::uint64_t> functions;
    if (!own.empty()) functions.insert(module->object().find_symbol(own));
    return find_module_uses(*module, functions, {"quiet"});
  }

  ShippedBuilder builder;
  elf::SymbolIndex import = 0;
  std::optional<image::ShippedModule> module;
};

TEST_F(ModuleUses, ACallOfAnImport) {
  code(builder.text, {0xe8, 0, 0, 0, 0}, {1, R_X86_64_PLT32, import, -4});
  const auto found = uses();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].call);
  EXPECT_EQ(found[0].user_name, "caller");
  EXPECT_EQ(module->object().symbols[found[0].user].name, "caller");
  EXPECT_EQ(module->object().symbols[found[0].function].name, "quiet");
}

TEST_F(ModuleUses, ACallOfAFunctionOfItsOwn) {
  const auto helper = builder.object.find_symbol("helper");
  code(builder.text, {0xe8, 0, 0, 0, 0}, {1, R_X86_64_PLT32, helper, -4});
  const auto found = uses("helper");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].call);
  EXPECT_EQ(found[0].user_name, "caller");
}

TEST_F(ModuleUses, AnAddressInCode) {
  code(builder.text, {0x48, 0xc7, 0xc7, 0, 0, 0, 0}, {3, R_X86_64_32S, import, 0});
  const auto found = uses();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].call);
  EXPECT_EQ(found[0].how, "caller takes its address");
}

TEST_F(ModuleUses, AnAddressInData) {
  const auto ops = emitter::add_section(builder.object, ".data", SHF_WRITE, 16, 8);
  builder.object.sections[ops].relocations.push_back({8, R_X86_64_64, import, 0});
  const auto found = uses();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].user, 0U);
  EXPECT_EQ(found[0].how, ".data holds its address");
}

TEST_F(ModuleUses, InitCodeIsNotLeftOut) {
  code(builder.init_text, {0xe8, 0, 0, 0, 0}, {1, R_X86_64_PLT32, import, -4});
  const auto found = uses();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].user_name, "setup");
}

TEST_F(ModuleUses, TablesThatDescribeCodeAreNoWayIn) {
  for (const auto* name : {"__bug_table", ".return_sites", "__ksymtab", "_kprobe_blacklist"}) {
    const auto table = emitter::add_section(builder.object, name, 0, 16, 8);
    builder.object.sections[table].relocations.push_back({0, R_X86_64_PC32, import, 0});
  }
  EXPECT_TRUE(uses().empty());
}

}  // namespace
}  // namespace suture::patch
