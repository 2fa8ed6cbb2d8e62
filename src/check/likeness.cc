#include "check/likeness.h"

#include <algorithm>
#include <array>

#include "check/livepatch_names.h"

namespace suture::check {
namespace {

constexpr std::uint64_t kernel_begin = 0xffffffff80000000;

/// Code from anywhere, with a way to tell what a field that depends on addresses refers to.
struct Body {
  ByteView code;
  std::vector<Instruction> instructions;  ///< offsets count from code[0]
};

std::optional<Body> body_of(const Shipped& shipped, const ObjectSymbol& function) {
  const auto code = code_of(shipped, function);
  if (!code) return std::nullopt;
  return Body{*code, decode(*code, 0)};
}

bool is_padding(const Instruction& instruction, ByteView bytes) {
  constexpr std::uint8_t int3 = 0xcc;
  return instruction.kind == Kind::nop || (instruction.length == 1 && bytes[0] == int3);
}

void clear(Bytes& bytes, std::size_t at, std::size_t size) {
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, std::uint8_t{0});
}

/// The field's value, if it is an address of the kernel as 32 bits, sign-extended.
std::optional<std::uint64_t> absolute(ByteView bytes, std::size_t at, std::size_t size) {
  if (size != 4) return std::nullopt;
  const auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(bytes, at)));
  // Small negative numbers are numbers.
  return value >= kernel_begin && value < 0xfffffffffff00000 ? std::optional(value) : std::nullopt;
}

/// `is_relocated(offset in the instruction)` tells which fields hold no value of their own.
template <typename IsRelocated>
std::string feature(const Instruction& instruction, ByteView code, IsRelocated is_relocated, std::string_view callee) {
  Bytes bytes(code.begin(), code.end());
  if (instruction.displacement_size != 0 && (instruction.rip_relative || is_relocated(instruction.displacement) ||
                                             absolute(code, instruction.displacement, instruction.displacement_size)))
    clear(bytes, instruction.displacement, instruction.displacement_size);
  if (instruction.branch) return fmt::format("{} {}", mnemonic_name(instruction), callee);
  if (instruction.immediate_size != 0 &&
      (is_relocated(instruction.immediate) || absolute(code, instruction.immediate, instruction.immediate_size)))
    clear(bytes, instruction.immediate, instruction.immediate_size);
  return std::string(as_text(bytes));
}

/// The name of what a relocation leads to, as the source calls it.
std::string name_of(const ModuleFile& module, const Relocation& relocation) {
  const auto& symbol = module.symbol(relocation);
  if (const auto livepatch = parse_livepatch_symbol(symbol.name)) return livepatch->name;
  if (auto target = module.target(relocation)) {
    target->offset += 4;
    const auto* function = module.function_at(*target);
    return function != nullptr ? function->name : "";
  }
  return symbol.name;
}

Features features_in_module(const ModuleFile& module, const Symbol& function, ByteView code,
                            const std::vector<Instruction>& instructions) {
  Features features;
  for (const auto& each : instructions) {
    const auto bytes = code.subspan(each.offset, each.length);
    if (is_padding(each, bytes)) continue;
    const auto relocation = [&](std::size_t at) {
      return module.relocation_at({function.section, function.value + each.offset + at});
    };
    std::string callee;
    if (each.branch)
      if (const auto* found = relocation(each.immediate)) callee = name_of(module, *found);
    ++features[feature(
        each, bytes, [&](std::size_t at) { return relocation(at) != nullptr; }, callee)];
  }
  return features;
}

}  // namespace

Features features_of(const ModuleFile& module, const Symbol& function) {
  const auto bytes = Reader(module.section(function.section).data, "").slice(function.value, function.size);
  return bytes ? features_in_module(module, function, *bytes, decode(*bytes, 0)) : Features{};
}

Features features_of(const Shipped& shipped, const ObjectSymbol& function) {
  const auto body = body_of(shipped, function);
  if (!body) return {};
  if (function.in_module != nullptr)
    return features_in_module(*function.module, *function.in_module, body->code, body->instructions);
  Features features;
  for (const auto& each : body->instructions) {
    const auto bytes = body->code.subspan(each.offset, each.length);
    if (is_padding(each, bytes)) continue;
    std::string callee;
    if (each.branch && *each.branch >= body->code.size()) {
      const auto target = function.in_kernel->begin + *each.branch;
      const auto symbol = shipped.symbol_at(target);
      if (symbol && symbol->begin == target) callee = symbol->name;
    }
    ++features[feature(
        each, bytes, [](std::size_t) { return false; }, callee)];
  }
  return features;
}

Features with_names(Features features, const std::set<std::string>& names) {
  for (const auto& name : names)
    if (!features.contains("call " + name) && !features.contains("jmp " + name))
      features.emplace("refers to " + name, 1);
  return features;
}

double likeness(const Features& a, const Features& b) {
  std::size_t common = 0;
  std::size_t all = 0;
  for (const auto& [feature, count] : a) {
    all += count;
    if (const auto found = b.find(feature); found != b.end()) common += std::min(count, found->second);
  }
  for (const auto& [feature, count] : b) all += count;
  return all == 0 ? 0 : 2 * static_cast<double>(common) / static_cast<double>(all);
}

std::size_t explained_only_by(const Features& a, const Features& candidate, const Features& other) {
  std::size_t explained = 0;
  for (const auto& [feature, count] : a) {
    const auto in = [&key = feature, most = count](const Features& features) {
      const auto found = features.find(key);
      return found != features.end() ? std::min(most, found->second) : 0;
    };
    explained += in(candidate)-std::min(in(candidate), in(other));
  }
  return explained;
}

bool References::reach(const ObjectSymbol& symbol) const {
  if (symbol.in_kernel) {
    const auto first = addresses.lower_bound(symbol.in_kernel->begin);
    return first != addresses.end() && (*first < symbol.in_kernel->end || *first == symbol.in_kernel->begin);
  }
  if (symbol.in_module == nullptr) return false;
  const Place begin{symbol.in_module->section, symbol.in_module->value};
  const auto first = places.lower_bound(begin);
  return first != places.end() && first->section == begin.section &&
         (first->offset == begin.offset || first->offset - begin.offset < symbol.in_module->size);
}

References references_of(const Shipped& shipped, const ObjectSymbol& function) {
  References found;
  const auto body = body_of(shipped, function);
  if (!body) return found;
  for (const auto& each : body->instructions) {
    const auto bytes = body->code.subspan(each.offset, each.length);
    if (function.in_kernel) {
      const auto base = function.in_kernel->begin;
      if (each.branch) found.addresses.insert(base + *each.branch);
      if (each.displacement_size == 4) {
        const auto value =
            static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(bytes, each.displacement)));
        if (each.rip_relative)
          found.addresses.insert(base + each.end() + value);
        else if (const auto address = absolute(bytes, each.displacement, 4))
          found.addresses.insert(*address);
      }
      if (const auto address = absolute(bytes, each.immediate, each.branch ? 0 : each.immediate_size))
        found.addresses.insert(*address);
      if (each.immediate_size == 8) found.addresses.insert(load_le<std::uint64_t>(bytes, each.immediate));
      continue;
    }
    const auto& section = function.module->section(function.in_module->section);
    const auto begin = function.in_module->value + each.offset;
    for (std::uint64_t at = begin; at < begin + each.length; ++at) {
      const auto* relocation = function.module->relocation_at({section.index, at});
      if (relocation == nullptr) continue;
      auto target = function.module->target(*relocation);
      if (!target) continue;
      if (relocation->type == R_X86_64_PC32 || relocation->type == R_X86_64_PLT32)
        target->offset += begin + each.length - at;
      found.places.insert(*target);
    }
    if (each.branch && function.module->relocation_at({section.index, begin + each.immediate}) == nullptr)
      found.places.insert({section.index, function.in_module->value + *each.branch});
  }
  return found;
}

}  // namespace suture::check
