#include "image/shipped_module.h"

#include <gtest/gtest.h>

#include "image/testing/compress.h"

namespace suture::image {
namespace {

Bytes text_bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// A module "a_module" with .text, .init.text, .modinfo and a build-id note.
struct ModuleBuilder {
  ModuleBuilder() {
    text = add(".text", SHF_ALLOC | SHF_EXECINSTR, Bytes(64, 0x90));
    init = add(".init.text", SHF_ALLOC | SHF_EXECINSTR, Bytes(64, 0x90));
    percpu = add(".data..percpu", SHF_ALLOC | SHF_WRITE, Bytes(64));
    comment = add(".comment", 0, Bytes(64));
    modinfo = add(".modinfo", SHF_ALLOC,
                  text_bytes(std::string_view("license=GPL\0alias=one\0alias=two\0name=a_module\0"
                                              "vermagic=6.1.0 SMP mod_unload \0",
                                              76)));
    Bytes note;
    for (const std::uint32_t word : {4U, 4U, 3U}) append_le(note, word);
    for (const char c : {'G', 'N', 'U', '\0', '\xde', '\xad', '\xbe', '\xef'})
      note.push_back(static_cast<std::uint8_t>(c));
    object.sections[add(".note.gnu.build-id", SHF_ALLOC, note)].type = SHT_NOTE;
  }
  elf::SectionIndex add(const std::string& name, std::uint64_t flags, const Bytes& data) {
    return object.add(elf::Section{.name = name, .flags = flags, .data = data, .size = data.size()});
  }
  elf::SymbolIndex symbol(const std::string& name, elf::SectionIndex section) {
    return object.add(elf::Symbol{.name = name, .section = section});
  }
  Bytes build() const {
    auto bytes = elf::write_object(object);
    EXPECT_TRUE(bytes);
    return bytes ? *bytes : Bytes();
  }
  ShippedModule parse() const {
    auto module = ShippedModule::parse(build(), "a-module.ko");
    EXPECT_TRUE(module) << module.error().describe();
    return std::move(*module);
  }

  elf::Object object;
  elf::SectionIndex text, init, percpu, comment, modinfo;
};

TEST(ShippedModule, TellsItsNameVermagicAndBuildId) {
  const auto module = ModuleBuilder().parse();
  EXPECT_EQ(module.name(), "a_module");
  EXPECT_EQ(module.vermagic(), "6.1.0 SMP mod_unload ");
  EXPECT_EQ(module.build_id(), "deadbeef");
  EXPECT_EQ(module.modinfo().size(), 5U);
  EXPECT_EQ(module.modinfo("alias"), "one");
  EXPECT_EQ(module.modinfo("depends"), std::nullopt);
}

TEST(ShippedModule, IsReadCompressedAsWell) {
  for (const auto compression : {Compression::xz, Compression::zstd, Compression::gzip}) {
    const auto bytes = testing::compress(ModuleBuilder().build(), compression);
    const auto module = ShippedModule::parse(bytes, "a-module.ko");
    ASSERT_TRUE(module) << module.error().describe();
    EXPECT_EQ(module->name(), "a_module");
    EXPECT_FALSE(ShippedModule::parse(ByteView(bytes).first(bytes.size() - 20), "cut.ko"));
  }
}

TEST(ShippedModule, CountsSameNamedSymbolsInTableOrder) {
  ModuleBuilder builder;
  const auto only = builder.symbol("only", builder.text);
  const auto first = builder.symbol("twin", builder.text);
  const auto second = builder.symbol("twin", builder.percpu);
  builder.symbol("undefined", SHN_UNDEF);
  const auto module = builder.parse();
  EXPECT_EQ(*module.position_of(only), 0U);
  EXPECT_EQ(*module.position_of(first), 1U);
  EXPECT_EQ(*module.position_of(second), 2U);
  EXPECT_EQ(module.named("twin"), (std::vector{first, second}));
  EXPECT_TRUE(module.named("undefined").empty());
}

TEST(ShippedModule, RefusesAPositionThatInitCodeShifts) {
  ModuleBuilder builder;
  const auto early = builder.symbol("setup", builder.init);
  const auto late = builder.symbol("setup", builder.text);
  const auto module = builder.parse();
  EXPECT_EQ(module.coming_position(late), 2U);
  EXPECT_EQ(module.live_position(late), 0U);
  EXPECT_EQ(module.position_of(late).error().message(),
            "a-module.ko: 'setup' (symbol 2) is number 2 of its name while the module is loaded, and number 1 "
            "afterwards: init code or data has the same name");
  EXPECT_EQ(module.coming_position(early), 1U);
  EXPECT_EQ(module.live_position(early), std::nullopt);
  EXPECT_EQ(module.position_of(early).error().message(),
            "a-module.ko: 'setup' (symbol 1) is gone once the module is initialised");
}

TEST(ShippedModule, KeepsANumberThatLaterInitCodeDoesNotShift) {
  ModuleBuilder builder;
  const auto kept = builder.symbol("setup", builder.text);
  builder.symbol("setup", builder.init);
  const auto module = builder.parse();
  EXPECT_EQ(module.live_position(kept), 0U);
  EXPECT_EQ(*module.position_of(kept), 1U);
}

TEST(ShippedModule, CountsWhatIsNotLoadedOnlyWhileComing) {
  ModuleBuilder builder;
  const auto absolute = builder.symbol("file.c", SHN_ABS);
  const auto unloaded = builder.symbol("text", builder.comment);
  const auto license = builder.symbol("license", builder.modinfo);
  const auto module = builder.parse();
  for (const auto symbol : {absolute, unloaded, license}) {
    EXPECT_EQ(module.coming_position(symbol), 0U);
    EXPECT_EQ(module.live_position(symbol), std::nullopt);
  }
}

TEST(ShippedModule, TellsWhereIndirectBranchesMayLead) {
  ModuleBuilder builder;
  auto& code = builder.object.sections[builder.text].data;
  store_le<std::uint32_t>(code, 0, 0xfa1e0ff3);
  store_le<std::uint32_t>(code, 32, 0xfa1e0ff3);
  const auto open = builder.symbol("open", builder.text);
  const auto sealed = builder.symbol("sealed", builder.text);
  const auto without = builder.symbol("without", builder.text);
  builder.object.symbols[sealed].value = 32;
  builder.object.symbols[without].value = 16;
  const auto list = builder.add(".ibt_endbr_seal", SHF_ALLOC, Bytes(4));
  builder.object.sections[list].relocations.push_back({0, R_X86_64_PC32, sealed, 0});
  const auto module = builder.parse();
  EXPECT_TRUE(module.is_indirect_target(open));
  EXPECT_FALSE(module.is_indirect_target(sealed));
  EXPECT_FALSE(module.is_indirect_target(without));
}

TEST(ShippedModule, RefusesAnObjectThatIsNoModule) {
  ModuleBuilder builder;
  builder.object.sections[builder.modinfo].name = ".data";
  const auto object = ShippedModule::parse(builder.build(), "built-in.o");
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().message(), "built-in.o: is not a kernel module: has no section .modinfo");
  builder.object.sections[builder.modinfo].name = ".modinfo";
  builder.object.sections[builder.modinfo].data.resize(20);
  EXPECT_EQ(ShippedModule::parse(builder.build(), "a.ko").error().message(),
            "a.ko: is not a kernel module: its .modinfo has no vermagic");
}

}  // namespace
}  // namespace suture::image
