#include "patch/instructions.h"

#include <gtest/gtest.h>

namespace suture::patch {
namespace {

// clang-format off
const Bytes function = {
    0x55,                                            // 0x40 push %rbp
    0x48, 0xc7, 0x05, 0, 0, 0, 0, 0x2a, 0, 0, 0,     // 0x41 movq $42, x(%rip)
    0x74, 0x05,                                      // 0x4c je 0x53
    0xe8, 0, 0, 0, 0,                                // 0x4e call f
    0xeb, 0xeb,                                      // 0x53 jmp 0x40
    0x0f, 0x0b,                                      // 0x55 ud2
    0x0f, 0x1f, 0x44, 0, 0,                          // 0x57 nopl
    0xc3};                                           // 0x5c ret
// clang-format on

TEST(Instructions, CoverTheCodeWithoutGaps) {
  const auto decoded = decode(function, 0x40);
  std::uint64_t at = 0x40;
  for (const auto& instruction : decoded) {
    EXPECT_EQ(instruction.offset, at);
    EXPECT_TRUE(instruction.valid);
    at = instruction.end();
  }
  EXPECT_EQ(at, 0x40 + function.size());
  ASSERT_EQ(decoded.size(), 8U);
  const std::vector<Flow> flows = {Flow::next, Flow::next, Flow::conditional_jump, Flow::call, Flow::jump, Flow::trap,
                                   Flow::next, Flow::leave};
  for (std::size_t i = 0; i < flows.size(); ++i) EXPECT_EQ(decoded[i].flow, flows[i]) << i;
  EXPECT_TRUE(decoded[6].is_nop);
}

TEST(Instructions, TellWhereFieldsLieAndBranchesLead) {
  const auto decoded = decode(function, 0x40);
  EXPECT_TRUE(decoded[1].rip_relative);
  EXPECT_EQ(decoded[1].displacement.offset, 0x44U);
  EXPECT_EQ(decoded[1].displacement.size, 4);
  EXPECT_EQ(decoded[1].immediate.offset, 0x48U);
  EXPECT_EQ(decoded[2].branch_target, 0x53U);
  EXPECT_EQ(decoded[3].branch_target, 0x53U);
  EXPECT_EQ(decoded[4].branch_target, 0x40U);
}

TEST(Instructions, ShortAndNearJumpsAreOneMnemonic) {
  const auto shorts = decode(Bytes{0xeb, 0, 0x7f, 0});
  const auto nears = decode(Bytes{0xe9, 0, 0, 0, 0, 0x0f, 0x8f, 0, 0, 0, 0});
  ASSERT_EQ(shorts.size(), 2U);
  ASSERT_EQ(nears.size(), 2U);
  EXPECT_EQ(shorts[0].mnemonic, nears[0].mnemonic);
  EXPECT_EQ(shorts[1].mnemonic, nears[1].mnemonic);
}

TEST(Instructions, AnAddendBeforeAnImmediateCountsFromTheInstructionsEnd) {
  const auto decoded = decode(function, 0x40);
  // movq $42, x+8(%rip): the assembler writes x + 8 - 8, for the 8 bytes from the field to the end.
  EXPECT_EQ(effective_addend({.offset = 0x44, .type = R_X86_64_PC32, .addend = 0}, decoded), 8);
  EXPECT_EQ(effective_addend({.offset = 0x4f, .type = R_X86_64_PLT32, .addend = -4}, decoded), 0);
  EXPECT_EQ(effective_addend({.offset = 0x48, .type = R_X86_64_32S, .addend = 16}, decoded), 16);
  EXPECT_EQ(effective_addend({.offset = 8, .type = R_X86_64_PC32, .addend = 12}, {}), 12);
}

TEST(Instructions, BytesThatAreNoCodeComeOutOneByOne) {
  const auto decoded = decode(Bytes{0x06, 0x90, 0xe8, 1});
  ASSERT_EQ(decoded.size(), 4U);
  EXPECT_FALSE(decoded[0].valid);
  EXPECT_TRUE(decoded[1].valid);
  EXPECT_FALSE(decoded[2].valid) << "a call cut short";
  EXPECT_EQ(disassemble(Bytes{0x06}, 0, 0), "(bad) 0x06");
}

TEST(Instructions, ReadAsTextWithComputedTargets) {
  EXPECT_EQ(disassemble(function, 0x0c, 0x4c), "jz 0x0000000000000053");
  EXPECT_EQ(disassemble(function, 0, 0), "push %rbp");
}

TEST(Instructions, FindNothingOutsideTheCode) {
  const auto decoded = decode(function, 0x40);
  EXPECT_EQ(find_instruction(decoded, 0x3f), nullptr);
  EXPECT_EQ(find_instruction(decoded, 0x40 + function.size()), nullptr);
  ASSERT_NE(find_instruction(decoded, 0x4a), nullptr);
  EXPECT_EQ(find_instruction(decoded, 0x4a)->offset, 0x41U);
}

}  // namespace
}  // namespace suture::patch
