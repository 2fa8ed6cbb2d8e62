#include "image/absolute_fields.h"

#include <gtest/gtest.h>

namespace suture::image {
namespace {

// As arch/x86/tools/relocs.c writes them, behind what the kernel itself is.
Bytes payload(const std::vector<std::uint32_t>& table) {
  Bytes bytes = {0x7f, 'E', 'L', 'F', 1, 2, 3, 4};
  for (const auto value : table) append_le(bytes, value);
  return bytes;
}

TEST(AbsoluteFields, TheThreeListsAreToldApart) {
  const auto fields =
      read_absolute_fields(payload({0, 0x82000008, 0x82000000, 0, 0x81000100, 0, 0x81000020, 0x81000010}), "vmlinuz");
  ASSERT_TRUE(fields) << fields.error().message();
  EXPECT_EQ(fields->words, (std::vector<std::uint64_t>{0xffffffff82000000, 0xffffffff82000008}));
  EXPECT_EQ(fields->halves, (std::vector<std::uint64_t>{0xffffffff81000010, 0xffffffff81000020}));
}

TEST(AbsoluteFields, AKernelThatCannotMoveHasNoTable) {
  const auto fields = read_absolute_fields(payload({0x12345678, 0x82000000, 0x11}), "vmlinuz");
  ASSERT_FALSE(fields);
  EXPECT_NE(fields.error().message().find("relocations"), std::string::npos);
}

TEST(AbsoluteFields, ATableWithoutABeginningIsNoTable) {
  Bytes bytes;
  for (const std::uint32_t value : {0x82000000U, 0U, 0U, 0x81000000U}) append_le(bytes, value);
  EXPECT_FALSE(read_absolute_fields(bytes, "vmlinuz"));
  EXPECT_FALSE(read_absolute_fields({}, "vmlinuz"));
}

}  // namespace
}  // namespace suture::image
