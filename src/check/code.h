// The module's machine code, decoded: what the checks of tables, unwinding and references ask about
// an instruction. On Zydis.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "check/module_file.h"

namespace suture::check {

enum class Kind : std::uint8_t {
  other,
  nop,  ///< of any length
  call,
  indirect_call,
  jump,
  conditional_jump,
  indirect_jump,
  leave,  ///< ret, iret, sysret
  ud2,
  invalid,  ///< a byte that does not begin an instruction
};

struct Instruction {
  std::uint64_t offset = 0;  ///< into its section; for shipped code from where decoding began
  std::uint8_t length = 0;
  Kind kind = Kind::other;
  bool locked = false;         ///< has a LOCK prefix, or the DS prefix that replaces it on one CPU
  std::uint16_t mnemonic = 0;  ///< Zydis' number
  /// Where in the instruction its displacement and its (first) immediate or branch distance lie, and
  /// how many bytes they have; 0 if it has none.
  std::uint8_t displacement = 0;
  std::uint8_t displacement_size = 0;
  std::uint8_t immediate = 0;
  std::uint8_t immediate_size = 0;
  bool rip_relative = false;  ///< the displacement counts from the instruction's end
  /// Where a direct branch leads as encoded (counted like `offset`, may wrap). Means nothing under a
  /// relocation.
  std::optional<std::uint64_t> branch = {};
  /// How many bytes deeper the stack is afterwards; none if that cannot be told from the instruction
  /// alone (leave, mov to %rsp, …).
  std::optional<std::int64_t> pushes = 0;

  std::uint64_t end() const { return offset + length; }
  bool falls_through() const {
    return kind != Kind::jump && kind != Kind::indirect_jump && kind != Kind::leave && kind != Kind::ud2 &&
           kind != Kind::invalid;
  }
};

/// All of `code`, in order and without gaps. `start` is the offset of code[0].
std::vector<Instruction> decode(ByteView code, std::uint64_t start);

/// "call", "mov": the instruction's name without operands.
std::string mnemonic_name(const Instruction& instruction);

/// Every function of the module, decoded from its symbol's value for its symbol's size.
class Code {
 public:
  explicit Code(const ModuleFile& module);

  /// By section, ascending; only what functions cover.
  const std::map<std::uint32_t, std::vector<Instruction>>& sections() const { return sections_; }

  /// The instruction that begins at `place`, or that covers it; none outside of functions.
  const Instruction* at(Place place) const;
  const Instruction* covering(Place place) const;

  /// The instructions that begin from `place` up to `place` plus `size`.
  std::span<const Instruction> in(Place place, std::uint64_t size) const;

  /// Where a relocation leads that is part of an instruction: a distance counts from the
  /// instruction's end. None unless its symbol is defined in the module.
  std::optional<Place> target(std::uint32_t section, const Relocation& relocation) const;

  /// The relocation of the branch or call distance, or none.
  const Relocation* branch_relocation(std::uint32_t section, const Instruction& instruction) const;

  /// The name of the symbol that a direct call or jump leads to through a relocation without a
  /// further offset; empty otherwise.
  std::string_view branch_symbol(std::uint32_t section, const Instruction& instruction) const;

 private:
  const ModuleFile& module_;
  std::map<std::uint32_t, std::vector<Instruction>> sections_;
};

}  // namespace suture::check
