#include "patch/emit/followers.h"

#include <optional>
#include <set>
#include <string>

#include "patch/emit/sections.h"

namespace suture::patch::emitter {
namespace {

/// Whether the field is the operand of "jmp rel32" or "jcc rel32".
bool is_jump(const elf::Section& section, const elf::Relocation& relocation) {
  if (relocation.type != R_X86_64_PLT32 && relocation.type != R_X86_64_PC32) return false;
  const auto at = relocation.offset;
  if (at < 1 || at > section.data.size()) return false;
  constexpr std::uint8_t jmp = 0xe9, two_bytes = 0x0f, jcc = 0x80;
  if (section.data[at - 1] == jmp) return true;
  return at >= 2 && section.data[at - 2] == two_bytes && (section.data[at - 1] & 0xf0) == jcc;
}

class Finder {
 public:
  explicit Finder(const std::vector<Part>& parts) : parts_(parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& object = *parts[i].object;
      if (parts[i].unit == nullptr) continue;
      for (const auto& symbol : object.symbols)
        if (symbol.is_defined() && !symbol.is_local()) globals_.insert({symbol.name, {i, symbol.section}});
      for (const auto& function : parts[i].unit->delta->functions)
        if (!function.original.empty() && !function.moved)
          leading_.insert({i, object.symbols[function.symbol].section});
    }
  }

  Followers find() {
    for (const auto& leader : leading_) {
      std::vector<PartSection> behind;
      follow(leader, behind);
      for (std::size_t i = 0; i < behind.size(); ++i) follow(PartSection(behind[i]), behind);
      if (!behind.empty()) followers_.emplace(leader, std::move(behind));
    }
    return std::move(followers_);
  }

 private:
  void follow(const PartSection& from, std::vector<PartSection>& behind) {
    const auto& part = parts_[from.part];
    const auto& section = part.object->sections[from.section];
    for (const auto& relocation : section.relocations) {
      if (!is_jump(section, relocation)) continue;
      const auto to = target(from.part, part.object->symbols[relocation.symbol]);
      if (!to || leading_.contains(*to) || !taken_.insert(*to).second) continue;
      behind.push_back(*to);
    }
  }

  /// The section of code that the symbol leads to, in this part or in another one's global function.
  std::optional<PartSection> target(std::size_t part, const elf::Symbol& symbol) const {
    PartSection place{part, symbol.section};
    if (!symbol.is_defined()) {
      const auto found = globals_.find(symbol.name);
      if (symbol.name.empty() || found == globals_.end()) return std::nullopt;
      place = found->second;
    }
    // Not init code, which is refused, nor code that is left out.
    if (!module_section(parts_[place.part].object->sections[place.section]).starts_with(".text")) return std::nullopt;
    return place;
  }

  const std::vector<Part>& parts_;
  std::set<PartSection> leading_;  ///< sections with functions that livepatch is told of
  std::set<PartSection> taken_;
  std::map<std::string, PartSection> globals_;
  Followers followers_;
};

}  // namespace

Followers find_followers(const std::vector<Part>& parts) { return Finder(parts).find(); }

}  // namespace suture::patch::emitter
