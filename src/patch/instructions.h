// x86-64 machine code, one instruction at a time: where a relocation lies within its instruction,
// what a PC-relative field is relative to, where branches lead. On Zydis.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "elf/object.h"

namespace suture::patch {

enum class Flow : std::uint8_t {
  next,              ///< goes on with the instruction after it
  call,              ///< direct or indirect
  jump,              ///< direct or indirect, never falls through
  conditional_jump,  ///< jcc, jrcxz, loop
  leave,             ///< ret, iret, sysret
  trap,              ///< ud0, ud1, ud2, int3, int n
};

/// Displacement or immediate bytes; none if size is 0.
struct Field {
  std::uint64_t offset = 0;  ///< counted like Instruction::offset
  std::uint8_t size = 0;
  bool holds(std::uint64_t place) const { return place >= offset && place - offset < size; }
};

struct Instruction {
  std::uint64_t offset = 0;  ///< from where the caller began to count (decode's `start`)
  std::uint8_t length = 0;
  /// False for bytes that are no instruction: they become instructions of one byte each.
  bool valid = false;
  std::uint16_t mnemonic = 0;  ///< ZydisMnemonic; equal for the short and the near form of a branch
  Flow flow = Flow::next;
  bool is_nop = false;        ///< of any length
  bool rip_relative = false;  ///< the memory operand is
  Field displacement = {};
  Field immediate = {};  ///< the first one, if there are two (enter)
  /// Where a direct branch or call leads, as encoded, which means nothing while a relocation
  /// covers the field. Counted like `offset`; wraps when it leads before 0.
  std::optional<std::uint64_t> branch_target = {};

  std::uint64_t end() const { return offset + length; }
  bool is_branch() const { return flow == Flow::jump || flow == Flow::conditional_jump; }
};

/// All of `code`, in order and without gaps: the instruction after one begins at its end().
/// `start` is the offset of code[0]: give a function's symbol value to count like its section's
/// relocations do. Bytes that do not decode are in the result, as invalid instructions.
std::vector<Instruction> decode(ByteView code, std::uint64_t start = 0);

/// The instruction that covers `offset`, or nullptr. `instructions` as decode() returns them.
const Instruction* find_instruction(const std::vector<Instruction>& instructions, std::uint64_t offset);

/// The instruction at `offset` in `code`, as AT&T text with branch targets computed for code[offset]
/// being at `address`; "(bad)" with the byte for what does not decode.
std::string disassemble(ByteView code, std::uint64_t offset, std::uint64_t address);

/// How many bytes the relocation writes; 0 for types that write nothing here or are unknown.
std::uint8_t relocation_size(std::uint32_t type);
/// True for types whose value is relative to the relocated place.
bool is_pc_relative(std::uint32_t type);

/// The offset from its symbol that a relocation leads to. A PC-relative field in code is relative to
/// the end of its instruction, not to itself, so its addend is that distance too low.
/// `instructions` hold the relocated code, counted like the relocation's section; for relocations of
/// data give none: there the addend is the offset already.
std::int64_t effective_addend(const elf::Relocation& relocation, const std::vector<Instruction>& instructions);

}  // namespace suture::patch
