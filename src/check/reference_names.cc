#include "check/reference_names.h"

#include <algorithm>

#include "check/likeness.h"
#include "check/livepatch_names.h"

namespace suture::check {
namespace {

std::string text(std::string_view string) { return fmt::format("\"{}\"", string); }

/// The symbol that covers `place`, or the string that begins there.
std::optional<std::string> name_at(const ModuleFile& module, Place place) {
  const auto& section = module.section(place.section);
  if ((section.flags & SHF_STRINGS) != 0) {
    const auto string = Reader(section.data, "").string(place.offset);
    return string ? std::optional(text(*string)) : std::nullopt;
  }
  const auto covers = [&](const Symbol& each) {
    return each.section == place.section && each.type != STT_SECTION && each.value <= place.offset &&
           place.offset - each.value < each.size;
  };
  const auto found = std::ranges::find_if(module.symbols(), covers);
  return found != module.symbols().end() ? std::optional(found->name) : std::nullopt;
}

/// Linked strings have no symbol: what lies in the middle of one and reads as text is taken for a string.
std::optional<std::string> name_at(const Shipped& shipped, std::uint64_t address) {
  const auto symbol = shipped.symbol_at(address);
  if (symbol && symbol->begin == address) return symbol->name;
  constexpr std::uint64_t longest_string = 256;
  if (const auto bytes = shipped.bytes(address, longest_string)) {
    const auto string = as_text(*bytes).substr(0, as_text(*bytes).find('\0'));
    const auto is_text = [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t' || c == '\1'; };
    if (string.size() > 1 && string.size() < longest_string && std::ranges::all_of(string, is_text))
      return text(string);
  }
  return symbol ? std::optional(symbol->name) : std::nullopt;
}

}  // namespace

std::set<std::string> names_referred_to(const ModuleFile& module, const Symbol& function) {
  std::set<std::string> names;
  const auto bytes = Reader(module.section(function.section).data, "").slice(function.value, function.size);
  if (!bytes) return names;
  for (const auto& each : decode(*bytes, function.value))
    for (const auto& relocation : module.relocations_in({function.section, each.offset}, each.length)) {
      const auto& symbol = module.symbol(relocation);
      auto target = module.target(relocation);
      if (!target) {
        const auto livepatch = parse_livepatch_symbol(symbol.name);
        names.insert(livepatch ? livepatch->name : symbol.name);
        continue;
      }
      if (relocation.type == R_X86_64_PC32 || relocation.type == R_X86_64_PLT32)
        target->offset += each.end() - relocation.offset;
      if (auto name = name_at(module, *target)) names.insert(std::move(*name));
    }
  return names;
}

std::set<std::string> names_referred_to(const Shipped& shipped, const ObjectSymbol& function) {
  if (function.in_module != nullptr) return names_referred_to(*function.module, *function.in_module);
  std::set<std::string> names;
  if (!function.in_kernel) return names;
  for (const auto address : references_of(shipped, function).addresses)
    if (address < function.in_kernel->begin || address >= function.in_kernel->end)
      if (auto name = name_at(shipped, address)) names.insert(std::move(*name));
  return names;
}

}  // namespace suture::check
