#include "image/btf.h"

#include <gtest/gtest.h>

#include "image/testing/btf_builder.h"

namespace suture::image {
namespace {

using testing::BtfBuilder;

Layout layout_of(const BtfBuilder& builder, std::string_view name) {
  const auto btf = Btf::parse(builder.build(), "test");
  EXPECT_TRUE(btf) << btf.error().describe();
  auto layout = btf->structure(name);
  EXPECT_TRUE(layout) << layout.error().describe();
  return layout ? *layout : Layout{};
}

std::string error_of(const BtfBuilder& builder, std::string_view name) {
  const auto btf = Btf::parse(builder.build(), "test");
  EXPECT_TRUE(btf) << btf.error().describe();
  const auto layout = btf->structure(name);
  return layout ? "no error" : layout.error().describe();
}

TEST(Btf, GivesOffsetsAndSizesThroughTypedefsPointersAndArrays) {
  BtfBuilder builder;
  const auto character = builder.integer("char", 1);
  const auto name = builder.array(builder.alias("letter", character), 56);
  builder.structure("module", 72,
                    {{"init", builder.pointer(0), 0}, {"name", name, 64}, {"args", builder.array(character, 0), 576}});
  const auto layout = layout_of(builder, "module");
  EXPECT_EQ(layout.size, 72U);
  ASSERT_NE(layout.find("name"), nullptr);
  EXPECT_EQ(layout.find("name")->offset(), 8U);
  EXPECT_EQ(layout.find("name")->size(), 56U);
  EXPECT_EQ(layout.find("init")->size(), 8U);
  EXPECT_EQ(layout.find("args")->size(), 0U);
  EXPECT_EQ(layout.find("exit"), nullptr);
}

TEST(Btf, PutsMembersOfAnonymousStructsAndUnionsAtTheirOuterOffset) {
  BtfBuilder builder;
  const auto word = builder.integer("int", 4);
  const auto inner = builder.structure("", 8, {{"low", word, 0}, {"high", word, 32}});
  const auto either = builder.combined("", 8, {{"", inner, 0}, {"whole", builder.integer("long", 8), 0}});
  builder.structure("entry", 16, {{"flags", word, 0}, {"", either, 64}});
  const auto layout = layout_of(builder, "entry");
  ASSERT_EQ(layout.members.size(), 4U);
  EXPECT_EQ(layout.find("high")->offset(), 12U);
  EXPECT_EQ(layout.find("whole")->offset(), 8U);
}

TEST(Btf, KnowsBitFieldsByTheirWidth) {
  BtfBuilder builder;
  const auto word = builder.integer("short", 2);
  builder.structure("orc_entry", 2,
                    {{"sp_reg", word, 4U << 24 | 0}, {"", word, 3U << 24 | 4}, {"type", word, 2U << 24 | 8}}, true);
  const auto layout = layout_of(builder, "orc_entry");
  EXPECT_EQ(layout.find("type")->offset_bits, 8U);
  EXPECT_EQ(layout.find("type")->size_bits, 2U);
  EXPECT_TRUE(layout.find("type")->bit_field);
}

TEST(Btf, AcceptsOneNameTwiceOnlyWithOneLayout) {
  BtfBuilder builder;
  const auto word = builder.integer("int", 4);
  builder.structure("same", 4, {{"a", word, 0}});
  builder.structure("same", 4, {{"a", word, 0}});
  builder.structure("other", 4, {{"a", word, 0}});
  builder.structure("other", 4, {{"b", word, 0}});
  EXPECT_EQ(layout_of(builder, "same").size, 4U);
  EXPECT_EQ(error_of(builder, "other"), "test: describes several different structs called 'other'");
  EXPECT_EQ(error_of(builder, "none"), "test: describes no struct or union called 'none'");
}

TEST(Btf, TellsWhichTypesOthersHold) {
  BtfBuilder types;
  const auto number = types.integer("int", 4);
  const auto inside = types.structure("inside", 4, {{"x", number, 0}});
  const auto pointed = types.structure("pointed", 4, {{"x", number, 0}});
  const auto named = types.alias("named_t", types.structure("", 4, {{"x", number, 0}}));
  types.structure("alone", 4, {{"x", number, 0}});
  types.structure("outer", 32,
                  {{"list", types.array(inside, 2), 0}, {"at", types.pointer(pointed), 64}, {"n", named, 128}});
  const auto btf = Btf::parse(types.build(), "test.o > .BTF");
  ASSERT_TRUE(btf);
  const auto held = btf->held();
  ASSERT_TRUE(held) << held.error().describe();
  EXPECT_EQ(*held, (std::set<std::string, std::less<>>{"inside", "pointed", "named_t"}));
}

TEST(Btf, RefusesTypesThatContainThemselves) {
  BtfBuilder builder;
  builder.structure("loop", 4, {{"a", 2, 0}});
  builder.alias("self", 2);
  builder.structure("nest", 4, {{"", 4, 0}});
  builder.structure("", 4, {{"", 4, 0}});
  EXPECT_NE(error_of(builder, "loop").find("refers to itself"), std::string::npos);
  EXPECT_NE(error_of(builder, "nest").find("nested too deeply"), std::string::npos);
}

TEST(Btf, RefusesMembersThatMultiplyWithoutEnd) {
  BtfBuilder builder;
  const auto word = builder.integer("int", 4);
  auto inner = builder.structure("", 4, {{"a", word, 0}, {"b", word, 0}});
  for (int i = 0; i < 40; ++i) inner = builder.structure("", 4, {{"", inner, 0}, {"", inner, 0}});
  builder.structure("bomb", 4, {{"", inner, 0}});
  EXPECT_NE(error_of(builder, "bomb").find("more than 65536 members"), std::string::npos);
}

TEST(Btf, RefusesMembersWithoutSizeOrType) {
  BtfBuilder builder;
  builder.structure("dangling", 4, {{"a", 99, 0}});
  const auto huge = builder.array(builder.array(builder.array(builder.pointer(0), UINT32_MAX), UINT32_MAX), UINT32_MAX);
  builder.structure("huge", 4, {{"a", huge, 0}});
  EXPECT_NE(error_of(builder, "dangling").find("there is no type 99"), std::string::npos);
  EXPECT_NE(error_of(builder, "huge").find("too large"), std::string::npos);
}

// As GCC 12 writes a vector, for which BTF has no kind: arch/x86/include/asm/kvm_emulate.h has one.
TEST(Btf, AMemberOfATypeThatBtfCannotDescribeHasNoSize) {
  BtfBuilder builder;
  const auto word = builder.integer("int", 4);
  const auto vector = builder.alias("sse128_t", 0);
  builder.structure("operand", 32, {{"vec_val", vector, 0}, {"count", word, 128}});
  const auto operand = layout_of(builder, "operand");
  ASSERT_EQ(operand.members.size(), 2U);
  EXPECT_EQ(operand.members[0].size(), 0U);
  EXPECT_EQ(operand.members[1].offset(), 16U);
}

TEST(Btf, RefusesEveryTruncation) {
  BtfBuilder builder;
  builder.structure("s", 4, {{"member", builder.integer("int", 4), 0}});
  const auto bytes = builder.build();
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(Btf::parse(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)), "cut"))
        << length;
}

TEST(Btf, RefusesAnUnknownKindAndOtherFormats) {
  BtfBuilder builder;
  builder.integer("int", 4);
  auto bytes = builder.build();
  bytes[24 + 7] = 31;
  EXPECT_EQ(Btf::parse(bytes, "test").error().describe(), "test: type 1 at offset 0x18 is of an unknown kind, 31");
  bytes[0] = 0;
  EXPECT_EQ(Btf::parse(bytes, "test").error().describe(), "test: is not BTF: begins with 0xeb00, not 0xeb9f");
}

}  // namespace
}  // namespace suture::image
