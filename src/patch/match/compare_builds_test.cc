#include <gtest/gtest.h>

#include "patch/match/match.h"
#include "patch/testing/object_maker.h"

namespace suture::patch {
namespace {

using testing::ObjectMaker;

// clang-format off
const Bytes plain_loop = {
    0x85, 0xff,                          // test %edi, %edi
    0x74, 0x04,                          // je 8
    0xff, 0xcf,                          // dec %edi
    0xeb, 0xf8,                          // jmp 0
    0xeb, 0x06};                         // jmp helper, at 0x10
const Bytes sectioned_loop = {
    0x85, 0xff,                          // test %edi, %edi
    0x0f, 0x84, 0x07, 0, 0, 0,           // je 0xf
    0xff, 0xcf,                          // dec %edi
    0xeb, 0xf4,                          // jmp 0
    0x0f, 0x1f, 0,                       // nop
    0xe9, 0, 0, 0, 0};                   // 0xf: jmp helper
const Bytes helper = {0xff, 0xc0, 0xc3};         // inc %eax; ret
const Bytes store  = {0xc7, 0x05, 0, 0, 0, 0, 1, 0, 0, 0, 0xc3};  // movl $1, x(%rip); ret
// clang-format on

elf::Object plain() {
  return ObjectMaker().function(".text", "walk", plain_loop).function(".text", "helper", helper).finish();
}
elf::Object sectioned(const Bytes& loop = sectioned_loop, std::int64_t addend = -4) {
  return ObjectMaker()
      .function(".text.helper", "helper", helper)
      .function(".text.walk", "walk", loop, {{16, R_X86_64_PC32, ".text.helper", addend}})
      .finish();
}

TEST(CompareBuilds, GrownJumpsAndPaddingAreTheSameCode) { EXPECT_TRUE(compare_builds(plain(), sectioned()).empty()); }

TEST(CompareBuilds, ABranchToAnotherInstructionIsADifference) {
  auto loop = sectioned_loop;
  loop[4] = 0x02;  // je to the jmp instead of behind it
  const auto result = compare_builds(plain(), sectioned(loop));
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].function, "walk");
  EXPECT_EQ(result[0].difference, Difference::reference);
  EXPECT_EQ(result[0].offset, 2U);
}

TEST(CompareBuilds, ABranchIntoTheMiddleOfAnotherFunctionIsADifference) {
  const auto result = compare_builds(plain(), sectioned(sectioned_loop, -2));
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].difference, Difference::reference);
}

TEST(CompareBuilds, AnotherInstructionIsADifference) {
  auto loop = sectioned_loop;
  loop[9] = 0xc7;  // inc %edi
  const auto result = compare_builds(plain(), sectioned(loop));
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].difference, Difference::code);
  EXPECT_NE(result[0].rebuilt.find("dec"), std::string::npos);
  EXPECT_NE(result[0].shipped.find("inc"), std::string::npos);
}

TEST(CompareBuilds, AFunctionOfOneBuildOnlyIsADifference) {
  const auto more = ObjectMaker().function(".text.extra", "extra", helper).finish();
  const auto fewer = ObjectMaker().finish();
  for (const auto& result : {compare_builds(more, fewer), compare_builds(fewer, more)}) {
    ASSERT_EQ(result.size(), 1U);
    EXPECT_EQ(result[0].function, "extra");
    EXPECT_EQ(result[0].difference, Difference::absent);
  }
}

// Tests a static key: with code that the kernel rewrites, and with code that reads the key.
// clang-format off
const Bytes rewritten = {0x0f, 0x1f, 0x44, 0, 0,         // nop, or jmp 8
                         0xff, 0xc0, 0xc3,               // inc %eax; ret
                         0xff, 0xc8, 0xc3};              // 8: dec %eax; ret
const Bytes reading = {0x83, 0x3d, 0, 0, 0, 0, 0,        // cmpl $0, key(%rip)
                       0x75, 0x03,                       // jne 0xc
                       0xff, 0xc0, 0xc3,                 // inc %eax; ret
                       0xff, 0xc8, 0xc3};                // 0xc: dec %eax; ret
// clang-format on

elf::Object tests_key(std::int64_t goes_to = 8, std::int64_t how = 0) {
  return ObjectMaker()
      .function(".text.run", "run", rewritten)
      .variable("__jump_table", "", Bytes(16, 0),
                {{0, R_X86_64_PC32, ".text.run", 0},
                 {4, R_X86_64_PC32, ".text.run", goes_to},
                 {8, R_X86_64_PC64, "key", how}})
      .finish();
}
elf::Object reads_key(std::string_view key = "key") {
  return ObjectMaker()
      .function(".text.run", "run", reading, {{2, R_X86_64_PC32, "key", -5}})
      .variable(read_keys_section, "", Bytes(16, 0),
                {{0, R_X86_64_PC32, ".text.run", 0}, {4, R_X86_64_PC32, ".text.run", 12}, {8, R_X86_64_PC64, key, 2}})
      .finish();
}

TEST(CompareBuilds, AKeyMayBeRead) { EXPECT_TRUE(compare_builds(tests_key(), reads_key()).empty()); }

TEST(CompareBuilds, AnotherKeyOrDestinationOrSenseIsADifference) {
  EXPECT_EQ(compare_builds(tests_key(), reads_key("other")).size(), 1U);
  EXPECT_EQ(compare_builds(tests_key(5), reads_key()).size(), 1U);
  EXPECT_EQ(compare_builds(tests_key(8, 1), reads_key()).size(), 1U);
}

TEST(CompareBuilds, ACutOffTailIsADifference) {
  const auto whole = ObjectMaker().function(".text", "helper", helper).finish();
  const auto cut = ObjectMaker().function(".text.helper", "helper", {0xff, 0xc0}).finish();
  const auto result = compare_builds(whole, cut);
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].shipped, "the function's end");
}

elf::Object with_data(bool own_sections, std::int64_t offset) {
  const auto section = [&](std::string_view name) { return own_sections ? ".data." + std::string(name) : ".data"; };
  return ObjectMaker()
      .variable(section("first"), "first", Bytes(16))
      .variable(section("second"), "second", Bytes(8))
      .function(own_sections ? ".text.set" : ".text", "set", store, {{2, R_X86_64_PC32, section("second"), offset - 8}})
      .finish();
}

TEST(CompareBuilds, VariablesAreTheSameThroughTheirSymbols) {
  EXPECT_TRUE(compare_builds(with_data(false, 16), with_data(true, 0)).empty());
  EXPECT_TRUE(compare_builds(with_data(false, 20), with_data(true, 4)).empty());
  EXPECT_TRUE(compare_builds(with_data(false, 24), with_data(true, 8)).empty()) << "one past the end";
  EXPECT_EQ(compare_builds(with_data(false, 16), with_data(true, 4)).size(), 1U);
  EXPECT_EQ(compare_builds(with_data(false, 0), with_data(true, 0)).size(), 1U);
}

elf::Object with_string(std::string_view before, std::string_view text) {
  return ObjectMaker()
      .string(before)
      .string(text)
      .function(".text", "warn", {0x48, 0xc7, 0xc7, 0, 0, 0, 0, 0xc3},
                {{3, R_X86_64_32S, ".rodata.str1.1", static_cast<std::int64_t>(before.size()) + 1}})
      .finish();
}

TEST(CompareBuilds, StringsAreTheSameThroughTheirContent) {
  EXPECT_TRUE(compare_builds(with_string("a", "text"), with_string("longer", "text")).empty());
  EXPECT_EQ(compare_builds(with_string("a", "text"), with_string("a", "test")).size(), 1U);
}

elf::Object with_nameless(std::size_t gap, std::uint8_t value) {
  return ObjectMaker()
      .variable(".rodata", "", Bytes(gap))
      .variable(".rodata", "", Bytes(8, value))
      .function(".text", "set", store, {{2, R_X86_64_PC32, ".rodata", static_cast<std::int64_t>(gap) - 8}})
      .finish();
}

TEST(CompareBuilds, NamelessDataIsTheSameThroughItsContent) {
  EXPECT_TRUE(compare_builds(with_nameless(16, 7), with_nameless(0, 7)).empty());
  EXPECT_EQ(compare_builds(with_nameless(16, 7), with_nameless(0, 8)).size(), 1U);
}

TEST(CompareBuilds, AColdPartReturnsToTheSameInstruction) {
  const auto cold_to = [](const Bytes& loop, std::string_view text, std::string_view cold, std::int64_t offset) {
    return ObjectMaker()
        .function(text, "walk", loop)
        .function(cold, "walk.cold", {0xe9, 0, 0, 0, 0}, {{1, R_X86_64_PC32, text, offset - 4}})
        .finish();
  };
  Bytes plain_code(plain_loop.begin(), plain_loop.begin() + 8);
  Bytes sectioned_code(sectioned_loop.begin(), sectioned_loop.begin() + 12);
  plain_code.push_back(0xc3);
  sectioned_code.push_back(0xc3);
  sectioned_code[4] = 0x04;  // je to the ret, which is nearer here
  const auto original = cold_to(plain_code, ".text", ".text.unlikely", 4);
  EXPECT_TRUE(compare_builds(original, cold_to(sectioned_code, ".text.walk", ".text.unlikely.walk", 8)).empty());
  EXPECT_EQ(compare_builds(original, cold_to(sectioned_code, ".text.walk", ".text.unlikely.walk", 10)).size(), 1U);
}

}  // namespace
}  // namespace suture::patch
