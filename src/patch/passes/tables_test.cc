#include "patch/passes/tables.h"

#include <gtest/gtest.h>

namespace suture::patch {
namespace {

TEST(Tables, OfEntriesThatAreNotAlikeAreNotTakenForOneLongEntry) {
  elf::Object object;
  const auto text =
      object.add(elf::Section{.name = ".text", .type = SHT_PROGBITS, .flags = SHF_ALLOC | SHF_EXECINSTR, .size = 64});
  const auto code = object.add(elf::Symbol{.name = "code", .section = text});
  // Two alternatives of 12 bytes, of which the second has no replacement.
  elf::Section table{
      .name = ".altinstructions", .type = SHT_PROGBITS, .flags = SHF_ALLOC, .data = Bytes(24), .size = 24};
  for (const std::uint64_t offset : {0U, 4U, 12U})
    table.relocations.push_back({.offset = offset, .type = R_X86_64_PC32, .symbol = code});
  const auto size = entry_size(object, table, *table_kind(table.name), {});
  ASSERT_FALSE(size);
  EXPECT_EQ(size.error().message(),
            ".altinstructions: cannot tell how long an entry is from its 24 bytes and 3 relocations");
  const auto told = entry_size(object, table, *table_kind(table.name), {{".altinstructions", 12}});
  ASSERT_TRUE(told);
  EXPECT_EQ(*told, 12U);
}

}  // namespace
}  // namespace suture::patch
