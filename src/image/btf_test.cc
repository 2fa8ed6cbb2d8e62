#include "image/btf.h"

#include <gtest/gtest.h>

namespace suture::image {
namespace {

/// Writes BTF, type after type; each returns its id.
class BtfBuilder {
 public:
  struct Field {
    std::string name;
    std::uint32_t type;
    std::uint32_t offset;  ///< in bits; with bit fields the width in the upper 8 bits
  };

  std::uint32_t integer(const std::string& name, std::uint32_t size) {
    const auto id = record(name, 1, 0, size);
    append_le<std::uint32_t>(types_, size * 8);
    return id;
  }
  std::uint32_t pointer(std::uint32_t target) { return record("", 2, 0, target); }
  std::uint32_t array(std::uint32_t element, std::uint32_t count) {
    const auto id = record("", 3, 0, 0);
    for (const auto word : {element, element, count}) append_le(types_, word);
    return id;
  }
  std::uint32_t structure(const std::string& name, std::uint32_t size, const std::vector<Field>& fields,
                          bool bit_fields = false) {
    return members(name, 4, size, fields, bit_fields);
  }
  std::uint32_t combined(const std::string& name, std::uint32_t size, const std::vector<Field>& fields) {
    return members(name, 5, size, fields, false);
  }
  std::uint32_t alias(const std::string& name, std::uint32_t target) { return record(name, 8, 0, target); }

  Bytes build() const {
    Bytes out;
    append_le<std::uint16_t>(out, 0xeb9f);
    append_le<std::uint16_t>(out, 1);
    const auto types_size = static_cast<std::uint32_t>(types_.size());
    for (const auto word : {24U, 0U, types_size, types_size, static_cast<std::uint32_t>(strings_.size())})
      append_le(out, word);
    out.insert(out.end(), types_.begin(), types_.end());
    out.insert(out.end(), strings_.begin(), strings_.end());
    return out;
  }

 private:
  std::uint32_t string(const std::string& text) {
    if (text.empty()) return 0;
    const auto offset = static_cast<std::uint32_t>(strings_.size());
    strings_.insert(strings_.end(), text.begin(), text.end());
    strings_.push_back(0);
    return offset;
  }
  std::uint32_t record(const std::string& name, std::uint32_t kind, std::uint32_t info, std::uint32_t size_or_target) {
    for (const auto word : {string(name), kind << 24 | info, size_or_target}) append_le(types_, word);
    return ++last_;
  }
  std::uint32_t members(const std::string& name, std::uint32_t kind, std::uint32_t size,
                        const std::vector<Field>& fields, bool bit_fields) {
    const auto info = static_cast<std::uint32_t>(fields.size()) | (bit_fields ? 1U << 31 : 0);
    const auto id = record(name, kind, info, size);
    for (const auto& field : fields)
      for (const auto word : {string(field.name), field.type, field.offset}) append_le(types_, word);
    return id;
  }

  Bytes types_;
  Bytes strings_{0};
  std::uint32_t last_ = 0;
};

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
  builder.structure("empty", 4, {{"a", 0, 0}});
  EXPECT_NE(error_of(builder, "dangling").find("there is no type 99"), std::string::npos);
  EXPECT_NE(error_of(builder, "huge").find("too large"), std::string::npos);
  EXPECT_NE(error_of(builder, "empty").find("there is no type 0"), std::string::npos);
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
