#include "check/code.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <array>

namespace suture::check {
namespace {

const ZydisDecoder& decoder() {
  static const ZydisDecoder instance = [] {
    ZydisDecoder made;
    ZydisDecoderInit(&made, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    return made;
  }();
  return instance;
}

Kind kind_of(const ZydisDecodedInstruction& decoded, const ZydisDecodedOperand* operands) {
  const bool direct = decoded.operand_count_visible > 0 && operands[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
  switch (decoded.meta.category) {
    case ZYDIS_CATEGORY_CALL:
      return direct ? Kind::call : Kind::indirect_call;
    case ZYDIS_CATEGORY_UNCOND_BR:
      return direct ? Kind::jump : Kind::indirect_jump;
    case ZYDIS_CATEGORY_COND_BR:
      return decoded.mnemonic == ZYDIS_MNEMONIC_XBEGIN || decoded.mnemonic == ZYDIS_MNEMONIC_XEND
                 ? Kind::other
                 : Kind::conditional_jump;
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_SYSRET:
      return Kind::leave;
    case ZYDIS_CATEGORY_NOP:
    case ZYDIS_CATEGORY_WIDENOP:
      return Kind::nop;
    default:
      return decoded.mnemonic == ZYDIS_MNEMONIC_UD2 ? Kind::ud2 : Kind::other;
  }
}

bool is_stack_pointer(const ZydisDecodedOperand& operand) {
  return operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
         ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, operand.reg.value) == ZYDIS_REGISTER_RSP;
}

std::optional<std::int64_t> pushes(const ZydisDecodedInstruction& decoded, const ZydisDecodedOperand* operands) {
  const std::int64_t width = decoded.operand_width / 8;
  switch (decoded.mnemonic) {
    case ZYDIS_MNEMONIC_PUSH:
    case ZYDIS_MNEMONIC_PUSHFQ:
      return width;
    case ZYDIS_MNEMONIC_POP:
    case ZYDIS_MNEMONIC_POPFQ:
      if (is_stack_pointer(operands[0])) return std::nullopt;
      return -width;
    case ZYDIS_MNEMONIC_SUB:
    case ZYDIS_MNEMONIC_ADD:
      if (is_stack_pointer(operands[0])) {
        if (operands[1].type != ZYDIS_OPERAND_TYPE_IMMEDIATE) return std::nullopt;
        return decoded.mnemonic == ZYDIS_MNEMONIC_SUB ? operands[1].imm.value.s : -operands[1].imm.value.s;
      }
      return 0;
    case ZYDIS_MNEMONIC_LEA:
      if (is_stack_pointer(operands[0])) {
        if (operands[1].mem.base != ZYDIS_REGISTER_RSP || operands[1].mem.index != ZYDIS_REGISTER_NONE)
          return std::nullopt;
        return -operands[1].mem.disp.value;
      }
      return 0;
    case ZYDIS_MNEMONIC_CALL:  // what it pushes, the callee's return takes away
      return 0;
    default:
      break;
  }
  for (std::size_t i = 0; i < decoded.operand_count; ++i)
    if (is_stack_pointer(operands[i]) && (operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0)
      return std::nullopt;
  return 0;
}

Instruction describe(const ZydisDecodedInstruction& decoded, const ZydisDecodedOperand* operands,
                     std::uint64_t offset) {
  Instruction result{
      .offset = offset,
      .length = decoded.length,
      .kind = kind_of(decoded, operands),
      .locked = (decoded.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0,
      .mnemonic = static_cast<std::uint16_t>(decoded.mnemonic),
      .displacement = decoded.raw.disp.offset,
      .displacement_size = static_cast<std::uint8_t>(decoded.raw.disp.size / 8),
      .immediate = decoded.raw.imm[0].offset,
      .immediate_size = static_cast<std::uint8_t>(decoded.raw.imm[0].size / 8),
      .rip_relative = decoded.raw.disp.size == 32 && decoded.raw.modrm.mod == 0 && decoded.raw.modrm.rm == 5,
      .pushes = pushes(decoded, operands)};
  if (decoded.raw.imm[0].is_relative != 0U)
    result.branch = result.end() + static_cast<std::uint64_t>(decoded.raw.imm[0].value.s);
  return result;
}

}  // namespace

std::vector<Instruction> decode(ByteView code, std::uint64_t start) {
  std::vector<Instruction> instructions;
  instructions.reserve(code.size() / 4);
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
  for (std::size_t at = 0; at < code.size();) {
    ZydisDecodedInstruction decoded;
    const auto status =
        ZydisDecoderDecodeFull(&decoder(), code.data() + at, code.size() - at, &decoded, operands.data());
    if (ZYAN_SUCCESS(status)) {
      instructions.push_back(describe(decoded, operands.data(), start + at));
      at += decoded.length;
    } else {
      instructions.push_back({.offset = start + at, .length = 1, .kind = Kind::invalid, .pushes = std::nullopt});
      ++at;
    }
  }
  return instructions;
}

std::string mnemonic_name(const Instruction& instruction) {
  if (instruction.kind == Kind::invalid) return "(bad)";
  const char* name = ZydisMnemonicGetString(static_cast<ZydisMnemonic>(instruction.mnemonic));
  return name != nullptr ? name : "(unknown)";
}

Code::Code(const ModuleFile& module) : module_(module) {
  std::map<std::uint32_t, std::map<std::uint64_t, std::uint64_t>> ranges;  // section -> begin -> end
  for (const auto& symbol : module.symbols()) {
    if (!symbol.is_function() || !symbol.is_defined()) continue;
    const auto& section = module.section(symbol.section);
    if (!section.is_code() || symbol.value > section.data.size() || symbol.size > section.data.size() - symbol.value)
      continue;
    auto& end = ranges[symbol.section][symbol.value];
    end = std::max(end, symbol.value + symbol.size);
  }
  for (const auto& [section, functions] : ranges) {
    auto& instructions = sections_[section];
    std::uint64_t decoded_to = 0;
    for (const auto& [begin, end] : functions) {
      if (begin < decoded_to) continue;  // a second entry into a function
      const auto more = decode(module.section(section).data.subspan(begin, end - begin), begin);
      instructions.insert(instructions.end(), more.begin(), more.end());
      decoded_to = end;
    }
  }
}

const Instruction* Code::covering(Place place) const {
  const auto section = sections_.find(place.section);
  if (section == sections_.end()) return nullptr;
  const auto& instructions = section->second;
  const auto after =
      std::upper_bound(instructions.begin(), instructions.end(), place.offset,
                       [](std::uint64_t offset, const Instruction& each) { return offset < each.offset; });
  if (after == instructions.begin()) return nullptr;
  const auto& found = *(after - 1);
  return place.offset < found.end() ? &found : nullptr;
}

const Instruction* Code::at(Place place) const {
  const Instruction* found = covering(place);
  return found != nullptr && found->offset == place.offset ? found : nullptr;
}

std::span<const Instruction> Code::in(Place place, std::uint64_t size) const {
  const auto section = sections_.find(place.section);
  if (section == sections_.end()) return {};
  const auto from = [&](std::uint64_t wanted) {
    return std::lower_bound(section->second.begin(), section->second.end(), wanted,
                            [](const Instruction& each, std::uint64_t offset) { return each.offset < offset; });
  };
  const auto begin = from(place.offset);
  return {begin, size > UINT64_MAX - place.offset ? section->second.end() : from(place.offset + size)};
}

std::optional<Place> Code::target(std::uint32_t section, const Relocation& relocation) const {
  auto target = module_.target(relocation);
  if (target && (relocation.type == R_X86_64_PC32 || relocation.type == R_X86_64_PLT32))
    if (const auto* user = covering({section, relocation.offset})) target->offset += user->end() - relocation.offset;
  return target;
}

const Relocation* Code::branch_relocation(std::uint32_t section, const Instruction& instruction) const {
  if (!instruction.branch) return nullptr;
  return module_.relocation_at({section, instruction.offset + instruction.immediate});
}

std::string_view Code::branch_symbol(std::uint32_t section, const Instruction& instruction) const {
  const Relocation* relocation = branch_relocation(section, instruction);
  if (relocation == nullptr || relocation->addend != -4) return {};
  return module_.symbol(*relocation).name;
}

}  // namespace suture::check
