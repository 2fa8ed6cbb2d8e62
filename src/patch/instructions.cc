#include "patch/instructions.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <array>

namespace suture::patch {

namespace {

const ZydisDecoder& decoder() {
  static const ZydisDecoder instance = [] {
    ZydisDecoder made;
    ZydisDecoderInit(&made, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    return made;
  }();
  return instance;
}

Flow flow_of(const ZydisDecodedInstruction& decoded) {
  switch (decoded.meta.category) {
    case ZYDIS_CATEGORY_CALL:
      return Flow::call;
    case ZYDIS_CATEGORY_UNCOND_BR:
      return Flow::jump;
    case ZYDIS_CATEGORY_COND_BR:
      return decoded.mnemonic == ZYDIS_MNEMONIC_XBEGIN || decoded.mnemonic == ZYDIS_MNEMONIC_XEND
                 ? Flow::next
                 : Flow::conditional_jump;
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_SYSRET:
      return Flow::leave;
    default:
      break;
  }
  switch (decoded.mnemonic) {
    case ZYDIS_MNEMONIC_UD0:
    case ZYDIS_MNEMONIC_UD1:
    case ZYDIS_MNEMONIC_UD2:
    case ZYDIS_MNEMONIC_INT:
    case ZYDIS_MNEMONIC_INT1:
    case ZYDIS_MNEMONIC_INT3:
      return Flow::trap;
    default:
      return Flow::next;
  }
}

bool is_nop(const ZydisDecodedInstruction& decoded) {
  return decoded.meta.category == ZYDIS_CATEGORY_NOP || decoded.meta.category == ZYDIS_CATEGORY_WIDENOP;
}

Instruction describe(const ZydisDecodedInstruction& decoded, std::uint64_t offset) {
  Instruction result{.offset = offset,
                     .length = decoded.length,
                     .valid = true,
                     .mnemonic = static_cast<std::uint16_t>(decoded.mnemonic),
                     .flow = flow_of(decoded),
                     .is_nop = is_nop(decoded)};
  const auto& raw = decoded.raw;
  if (raw.disp.size != 0) {
    result.displacement = {offset + raw.disp.offset, static_cast<std::uint8_t>(raw.disp.size / 8)};
    result.rip_relative = raw.modrm.mod == 0 && raw.modrm.rm == 5 && raw.disp.size == 32;
  }
  if (raw.imm[0].size != 0) {
    result.immediate = {offset + raw.imm[0].offset, static_cast<std::uint8_t>(raw.imm[0].size / 8)};
    if (raw.imm[0].is_relative) {
      result.branch_target = result.end() + static_cast<std::uint64_t>(raw.imm[0].value.s);
    }
  }
  return result;
}

}  // namespace

std::vector<Instruction> decode(ByteView code, std::uint64_t start) {
  std::vector<Instruction> result;
  result.reserve(code.size() / 4 + 1);
  ZydisDecodedInstruction decoded;
  ZydisDecoderContext context;
  for (std::size_t at = 0; at < code.size(); at += result.back().length) {
    const auto rest = code.subspan(at);
    if (ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder(), &context, rest.data(), rest.size(), &decoded))) {
      result.push_back(describe(decoded, start + at));
    } else {
      result.push_back({.offset = start + at, .length = 1});
    }
  }
  return result;
}

const Instruction* find_instruction(const std::vector<Instruction>& instructions, std::uint64_t offset) {
  const auto after = std::upper_bound(instructions.begin(), instructions.end(), offset,
                                      [](std::uint64_t place, const Instruction& i) { return place < i.offset; });
  if (after == instructions.begin()) return nullptr;
  const auto& found = *(after - 1);
  return offset < found.end() ? &found : nullptr;
}

std::string disassemble(ByteView code, std::uint64_t offset, std::uint64_t address) {
  if (offset >= code.size()) return "(end)";
  static const ZydisFormatter formatter = [] {
    ZydisFormatter made;
    ZydisFormatterInit(&made, ZYDIS_FORMATTER_STYLE_ATT);
    return made;
  }();
  const auto rest = code.subspan(offset);
  ZydisDecodedInstruction decoded;
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
  std::array<char, 256> text;
  if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder(), rest.data(), rest.size(), &decoded, operands.data())) ||
      ZYAN_FAILED(ZydisFormatterFormatInstruction(&formatter, &decoded, operands.data(), decoded.operand_count_visible,
                                                  text.data(), text.size(), address, nullptr))) {
    return fmt::format("(bad) {:#04x}", rest[0]);
  }
  return text.data();
}

std::uint8_t relocation_size(std::uint32_t type) {
  switch (type) {
    case R_X86_64_8:
    case R_X86_64_PC8:
      return 1;
    case R_X86_64_16:
    case R_X86_64_PC16:
      return 2;
    case R_X86_64_32:
    case R_X86_64_32S:
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX:
    case R_X86_64_SIZE32:
      return 4;
    case R_X86_64_64:
    case R_X86_64_PC64:
    case R_X86_64_SIZE64:
      return 8;
    default:
      return 0;
  }
}

bool is_pc_relative(std::uint32_t type) {
  switch (type) {
    case R_X86_64_PC8:
    case R_X86_64_PC16:
    case R_X86_64_PC32:
    case R_X86_64_PC64:
    case R_X86_64_PLT32:
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX:
      return true;
    default:
      return false;
  }
}

std::int64_t effective_addend(const elf::Relocation& relocation, const std::vector<Instruction>& instructions) {
  if (!is_pc_relative(relocation.type)) return relocation.addend;
  const auto* holder = find_instruction(instructions, relocation.offset);
  if (holder == nullptr || !holder->valid) return relocation.addend;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(relocation.addend) + (holder->end() - relocation.offset));
}

}  // namespace suture::patch
