#include "patch/callers/module_uses.h"

#include <algorithm>
#include <map>

#include "image/shipped_module.h"
#include "patch/instructions.h"
#include "patch/passes/section_names.h"
#include "patch/passes/tables.h"

namespace suture::patch {
namespace {

class ModuleSearch {
 public:
  ModuleSearch(const image::ShippedModule& module, const std::set<std::uint64_t>& own,
               const std::set<std::string>& imported)
      : object_(module.object()) {
    for (elf::SymbolIndex i = 1; i < object_.symbols.size(); ++i) {
      const auto& symbol = object_.symbols[i];
      if (symbol.section == SHN_UNDEF && imported.contains(symbol.name)) imported_.insert(i);
      if (symbol.is_defined() && own.contains(i)) own_.try_emplace({symbol.section, symbol.value}, i);
    }
  }

  std::vector<ShippedUse> run() {
    if (own_.empty() && imported_.empty()) return {};
    for (elf::SectionIndex i = 1; i < object_.sections.size(); ++i) {
      const auto& section = object_.sections[i];
      if (!section.is_allocated() || only_describes(section.name) || is_table(section.name)) continue;
      for (const auto& relocation : section.relocations) look(i, relocation);
    }
    return std::move(uses_);
  }

 private:
  // Tables about code name places in functions, not functions.
  static bool is_table(std::string_view section) {
    return table_kind(section) != nullptr || is_ignored(section) || section.starts_with(".orc_") ||
           section.starts_with("__ksymtab");
  }

  void look(elf::SectionIndex section, const elf::Relocation& relocation) {
    if (!may_mean(relocation)) return;
    const auto user = function_at(section, relocation.offset);
    const auto instruction = user == 0 ? std::nullopt : instruction_at(user, relocation.offset);
    const auto function = meant(relocation, instruction);
    if (!function || *function == user) return;
    const auto& name = user != 0 ? object_.symbols[user].name : object_.sections[section].name;
    const bool call = instruction && (instruction->flow == Flow::call || instruction->is_branch()) &&
                      instruction->immediate.holds(relocation.offset);
    uses_.push_back(
        {.function = *function,
         .user = user,
         .user_name = name,
         .call = call,
         .how = call ? std::string() : fmt::format("{} {} its address", name, user != 0 ? "takes" : "holds")});
  }

  // Cheap, and passes all that meant() may: no field is farther from its instruction's end than an
  // instruction is long.
  bool may_mean(const elf::Relocation& relocation) const {
    constexpr std::uint64_t longest_instruction = 15;
    if (imported_.contains(relocation.symbol)) return true;
    const auto& symbol = object_.symbols[relocation.symbol];
    if (!symbol.is_defined()) return false;
    const auto least = symbol.value + static_cast<std::uint64_t>(relocation.addend);
    return std::ranges::any_of(own_, [&](const auto& place) {
      return place.first.first == symbol.section && place.first.second - least <= longest_instruction;
    });
  }

  std::optional<elf::SymbolIndex> meant(const elf::Relocation& relocation,
                                        const std::optional<Instruction>& instruction) const {
    if (imported_.contains(relocation.symbol)) return relocation.symbol;
    const auto& symbol = object_.symbols[relocation.symbol];
    if (own_.empty() || !symbol.is_defined()) return std::nullopt;
    const auto distance =
        is_pc_relative(relocation.type) && instruction ? instruction->end() - relocation.offset : std::uint64_t{0};
    const auto value = symbol.value + static_cast<std::uint64_t>(relocation.addend) + distance;
    const auto found = own_.find({symbol.section, value});
    return found == own_.end() ? std::nullopt : std::optional(found->second);
  }

  elf::SymbolIndex function_at(elf::SectionIndex section, std::uint64_t offset) const {
    for (elf::SymbolIndex i = 1; i < object_.symbols.size(); ++i) {
      const auto& symbol = object_.symbols[i];
      if (symbol.is_function() && symbol.section == section && offset >= symbol.value &&
          offset - symbol.value < symbol.size)
        return i;
    }
    return 0;
  }

  std::optional<Instruction> instruction_at(elf::SymbolIndex function, std::uint64_t offset) {
    const auto& symbol = object_.symbols[function];
    auto& instructions = decoded_[function];
    if (instructions.empty()) {
      const ByteView data = object_.sections[symbol.section].data;
      if (symbol.value > data.size() || symbol.size > data.size() - symbol.value) return std::nullopt;
      instructions = decode(data.subspan(symbol.value, symbol.size), symbol.value);
    }
    const auto* found = find_instruction(instructions, offset);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }

  const elf::Object& object_;
  std::set<elf::SymbolIndex> imported_;
  std::map<std::pair<elf::SectionIndex, std::uint64_t>, elf::SymbolIndex> own_;
  std::map<elf::SymbolIndex, std::vector<Instruction>> decoded_;
  std::vector<ShippedUse> uses_;
};

}  // namespace

std::vector<ShippedUse> find_module_uses(const image::ShippedModule& module, const std::set<std::uint64_t>& own,
                                         const std::set<std::string>& imported) {
  return ModuleSearch(module, own, imported).run();
}

}  // namespace suture::patch
