#include <algorithm>
#include <map>
#include <unordered_map>

#include "image/shipped_module.h"
#include "patch/match/shipped.h"

namespace suture::patch::matching {

namespace {

/// Each section is a space of offsets. Undefined symbols lie in space 0, far apart, so that a
/// different addend cannot make one of them look like another.
class ShippedModuleObject : public Shipped {
 public:
  explicit ShippedModuleObject(const image::ShippedModule& module) : module_(module), object_(module.object()) {
    for (elf::SymbolIndex index = 1; index < object_.symbols.size(); ++index)
      if (object_.symbols[index].section == SHN_UNDEF) undefined_.try_emplace(object_.symbols[index].name, index);
    for (elf::SectionIndex index = 1; index < object_.sections.size(); ++index) {
      const auto& section = object_.sections[index];
      if (section.is_code() && !std::is_sorted(section.relocations.begin(), section.relocations.end(), by_offset)) {
        auto& sorted = sorted_.try_emplace(index, section.relocations).first->second;
        std::stable_sort(sorted.begin(), sorted.end(), by_offset);
      }
    }
  }

  std::vector<Occurrence> named(std::string_view name) const override {
    std::vector<Occurrence> result;
    for (const auto index : module_.named(name)) result.push_back(occurrence(index));
    if (const auto found = undefined_.find(name); found != undefined_.end())
      result.push_back(occurrence(found->second));
    return result;
  }

  /// `ld -r` joins sections of one name.
  bool can_hold(Place place, std::string_view section) const override {
    return place.space < object_.sections.size() && object_.sections[place.space].name == section;
  }

  std::optional<ByteView> bytes(Place place, std::uint64_t length) const override {
    if (place.space >= object_.sections.size()) return std::nullopt;
    const ByteView data = object_.sections[place.space].data;
    if (place.offset > data.size() || length > data.size() - place.offset) return std::nullopt;
    return data.subspan(place.offset, length);
  }

  std::optional<Place> symbol_place(Place field, const elf::Relocation& relocation) const override {
    const auto [first, last] = relocations_within(field, 1);
    const auto found =
        std::find_if(first, last, [&](const elf::Relocation& shipped) { return shipped.type == relocation.type; });
    if (found == last) return std::nullopt;
    return occurrence(found->symbol).place +
           (static_cast<std::uint64_t>(found->addend) - static_cast<std::uint64_t>(relocation.addend));
  }

  std::optional<std::vector<Place>> relocated_places(Place begin, std::uint64_t length) const override {
    const auto [first, last] = relocations_within(begin, length);
    std::vector<Place> result;
    for (auto relocation = first; relocation != last; ++relocation)
      if (relocation->type != R_X86_64_NONE) result.push_back({begin.space, relocation->offset});
    return result;
  }

  Result<ShippedSymbol> symbol(std::size_t index) const override {
    const auto symbol = static_cast<elf::SymbolIndex>(index);
    const auto position = TRY(module_.position_of(symbol));
    return ShippedSymbol{.name = object_.symbols[symbol].name, .position = position, .address = index};
  }

  std::string describe(Place place) const override {
    std::string name;
    std::uint64_t distance = place.offset;
    if (place.space == SHN_UNDEF) {
      const auto index = place.offset >> 32;
      if (index < object_.symbols.size()) name = object_.symbols[index].name;
      distance = place.offset & UINT32_MAX;
    } else if (place.space < object_.sections.size()) {
      name = object_.sections[place.space].name;
      for (const auto& symbol : object_.symbols)
        if (symbol.section == place.space && !symbol.is_section() && !symbol.name.empty() &&
            symbol.value <= place.offset && place.offset - symbol.value <= distance) {
          name = symbol.name;
          distance = place.offset - symbol.value;
        }
    }
    return distance == 0 ? name : fmt::format("{}+{:#x}", name, distance);
  }

  std::string locate(Place place) const override {
    if (place.space == SHN_UNDEF || place.space >= object_.sections.size()) return "outside of the module";
    return fmt::format("{}+{:#x}", object_.sections[place.space].name, place.offset);
  }

 private:
  using Relocations = std::vector<elf::Relocation>::const_iterator;

  static bool by_offset(const elf::Relocation& a, const elf::Relocation& b) { return a.offset < b.offset; }

  std::pair<Relocations, Relocations> relocations_within(Place begin, std::uint64_t length) const {
    const auto sorted = sorted_.find(begin.space);
    const auto& all = sorted != sorted_.end() ? sorted->second : object_.sections[begin.space].relocations;
    const auto first = std::lower_bound(all.begin(), all.end(), elf::Relocation{.offset = begin.offset}, by_offset);
    const auto last = std::lower_bound(first, all.end(), elf::Relocation{.offset = begin.offset + length}, by_offset);
    return {first, last};
  }

  Occurrence occurrence(elf::SymbolIndex index) const {
    const auto& symbol = object_.symbols[index];
    const Place place =
        symbol.section == SHN_UNDEF ? Place{0, std::uint64_t{index} << 32} : Place{symbol.section, symbol.value};
    return {.place = place,
            .index = index,
            .binding = symbol.is_local()         ? Binding::local
                       : symbol.bind == STB_WEAK ? Binding::weak
                                                 : Binding::global,
            .imported = symbol.section == SHN_UNDEF};
  }

  const image::ShippedModule& module_;
  const elf::Object& object_;
  std::unordered_map<std::string_view, elf::SymbolIndex> undefined_;
  std::map<elf::SectionIndex, std::vector<elf::Relocation>> sorted_;  ///< of code sections that are not
};

}  // namespace

}  // namespace suture::patch::matching

namespace suture::patch {

Result<MatchResult> match_module(const elf::Object& rebuilt, const image::ShippedModule& shipped,
                                 const std::vector<std::string>& names) {
  return matching::match_object(rebuilt, matching::ShippedModuleObject(shipped), names);
}

}  // namespace suture::patch
