#include "elf/object.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>

namespace suture::elf {
namespace {

Object small_object() {
  Object object;
  const auto text = object.add(Section{.name = ".text.f",
                                       .flags = SHF_ALLOC | SHF_EXECINSTR,
                                       .alignment = 16,
                                       .data = {0xe8, 0, 0, 0, 0, 0xc3},
                                       .size = 6});
  object.add(Section{
      .name = ".bss", .type = SHT_NOBITS, .flags = SHF_ALLOC | SHF_WRITE, .alignment = 8, .data = {}, .size = 64});
  object.add(Symbol{.name = "g", .section = SHN_UNDEF, .bind = STB_GLOBAL});
  object.add(Symbol{.name = "f", .value = 0, .size = 6, .section = text, .bind = STB_LOCAL, .type = STT_FUNC});
  object.sections[text].relocations.push_back({.offset = 1, .type = R_X86_64_PLT32, .symbol = 1, .addend = -4});
  return object;
}

TEST(Object, SurvivesWritingAndReadingWithLocalsMovedFirst) {
  const auto bytes = write_object(small_object());
  ASSERT_TRUE(bytes);
  const auto read = read_object(*bytes, "small.o");
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_EQ(read->sections, [&] {
    auto expected = small_object().sections;
    expected[1].relocations[0].symbol = 2;
    return expected;
  }());
  EXPECT_EQ(read->symbols[1].name, "f");
  EXPECT_EQ(read->symbols[2].name, "g");
}

TEST(Object, LivepatchRelocationsStayApartFromTheLoaders) {
  auto object = small_object();
  object.symbols[1].section = shn_livepatch;
  object.sections[1].livepatch_relocations.push_back(
      {".klp.rela.vmlinux..text.f", std::exchange(object.sections[1].relocations, {})});
  const auto bytes = write_object(object);
  ASSERT_TRUE(bytes);
  const auto read = read_object(*bytes, "patch.ko");
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_TRUE(read->sections[1].relocations.empty());
  ASSERT_EQ(read->sections[1].livepatch_relocations.size(), 1U);
  EXPECT_EQ(read->sections[1].livepatch_relocations[0].name, ".klp.rela.vmlinux..text.f");
}

TEST(Object, EveryTruncationIsAnErrorOrAWholeObject) {
  const auto bytes = *write_object(small_object());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(read_object(ByteView(bytes).first(length), "cut.o")) << length;
  }
}

TEST(Object, RefusesARelocationBeyondItsSection) {
  auto object = small_object();
  object.sections[1].relocations[0].offset = 6;
  const auto read = read_object(*write_object(object), "bad.o");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("relocates offset 0x6 of .text.f"), std::string::npos);
}

TEST(Object, RefusesARelocationOfASectionWithoutBytes) {
  auto object = small_object();
  std::swap(object.sections[1].relocations, object.sections[2].relocations);
  EXPECT_FALSE(read_object(*write_object(object), "bad.o"));
}

TEST(Object, RefusesARelocationAgainstNothing) {
  auto object = small_object();
  object.sections[1].relocations[0].symbol = 0;
  EXPECT_FALSE(read_object(*write_object(object), "bad.o"));
}

TEST(Object, RefusesAnAlignmentThatWouldFillTheDisk) {
  auto object = small_object();
  auto bytes = *write_object(object);
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  const std::uint64_t alignment = std::uint64_t{1} << 40;
  std::memcpy(&bytes[header.e_shoff + sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_addralign)], &alignment, 8);
  EXPECT_FALSE(read_object(bytes, "bad.o"));
}

TEST(Object, RefusesAFunctionWithoutAName) {
  auto object = small_object();
  object.symbols[2].name.clear();
  EXPECT_FALSE(read_object(*write_object(object), "bad.o"));
}

TEST(Object, RefusesTwoGlobalDefinitionsOfAName) {
  auto object = small_object();
  object.symbols[2].bind = STB_GLOBAL;
  object.add(object.symbols[2]);
  EXPECT_FALSE(read_object(*write_object(object), "bad.o"));
}

TEST(Object, RefusesOtherMachines) {
  auto bytes = *write_object(small_object());
  bytes[offsetof(Elf64_Ehdr, e_machine)] = EM_AARCH64;
  EXPECT_FALSE(read_object(bytes, "arm.o"));
}

}  // namespace
}  // namespace suture::elf
