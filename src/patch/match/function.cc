#include "patch/match/function.h"

#include <algorithm>
#include <tuple>

#include "patch/instructions.h"

namespace suture::patch::matching {

namespace {

class Comparison {
 public:
  Comparison(const MatchPair& pair, const RebuiltFunction& function, Place place)
      : pair_(pair), rebuilt_(pair.rebuilt), shipped_(pair.shipped), function_(function), place_(place) {}

  Reading read() {
    const auto bytes = shipped_.bytes(place_, function_.size);
    if (!bytes) {
      disagree(Difference::code, 0);
    } else if (compare_code(*bytes) && compare_relocated_places()) {
      for (const auto& relocation : function_.relocations)
        if (!compare_field(relocation)) break;
    }
    keep_one_of_each(reading_.sections, [](const auto& s) { return std::tie(s.section, s.base); });
    keep_one_of_each(reading_.symbols, [](const auto& s) { return std::tie(s.symbol, s.place); });
    return std::move(reading_);
  }

 private:
  template <typename References, typename Key>
  static void keep_one_of_each(References& references, Key key) {
    std::stable_sort(references.begin(), references.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    const auto last = std::unique(references.begin(), references.end(),
                                  [&](const auto& a, const auto& b) { return key(a) == key(b); });
    references.erase(last, references.end());
  }

  bool disagree(Difference difference, std::uint64_t offset, std::optional<Place> target = {}) {
    reading_.disagreement = {difference, offset, target};
    return false;
  }

  std::uint64_t offset_of(const elf::Relocation& relocation) const { return relocation.offset - function_.value; }

  bool compare_code(ByteView shipped) {
    std::uint64_t at = 0;
    const auto equal_until = [&](std::uint64_t end) {
      for (; at < end; ++at)
        if (function_.code[at] != shipped[at]) return disagree(Difference::code, at);
      return true;
    };
    for (const auto& relocation : function_.relocations) {
      const auto field = offset_of(relocation);
      if (!equal_until(std::min(field, function_.size))) return false;
      at = std::max(at, std::min<std::uint64_t>(field + relocation_size(relocation.type), function_.size));
    }
    return equal_until(function_.size);
  }

  /// Where the shipped object's relocations are known, it must not have others.
  bool compare_relocated_places() {
    const auto places = shipped_.relocated_places(place_, function_.size);
    if (!places) return true;
    auto rebuilt = function_.relocations.begin();
    for (const auto& place : *places) {
      const auto offset = place.offset - place_.offset;
      if (rebuilt == function_.relocations.end() || offset_of(*rebuilt) != offset)
        return disagree(Difference::reference, offset, place);
      ++rebuilt;
    }
    return true;
  }

  bool compare_field(const elf::Relocation& relocation) {
    const auto offset = offset_of(relocation);
    if (relocation_size(relocation.type) == 0) return disagree(Difference::reference, offset);
    const auto found = shipped_.symbol_place(place_ + offset, relocation);
    if (!found) return disagree(Difference::reference, offset);
    const auto& symbol = rebuilt_.symbols[relocation.symbol];
    if (symbol.is_defined() && (rebuilt_.sections[symbol.section].flags & SHF_MERGE) != 0)
      return compare_merged(relocation, symbol, *found);
    if (symbol.is_defined() && symbol.is_local()) {
      reading_.sections.push_back({symbol.section, *found - symbol.value, offset});
      return true;
    }
    // A weak symbol that nobody defines is at 0.
    if (symbol.section == SHN_UNDEF && symbol.bind == STB_WEAK && *found == Place{}) return true;
    if (!can_mean(pair_.namesakes(relocation.symbol), *found)) return disagree(Difference::reference, offset, *found);
    reading_.symbols.push_back({relocation.symbol, *found, offset});
    if (symbol.is_defined() && symbol.bind == STB_GLOBAL)
      reading_.sections.push_back({symbol.section, *found - symbol.value, offset});
    return true;
  }

  /// Whether the linker can have taken a name that files share for what is at `place`. A static
  /// symbol will do only if the name has no other (the linker makes hidden symbols local). Some names
  /// are in no symbol table; that all references agree on their place is checked for the object as a
  /// whole.
  static bool can_mean(const std::vector<Occurrence>& namesakes, Place place) {
    const auto is_shared = [](const Occurrence& occurrence) { return occurrence.binding != Binding::local; };
    const bool shared = std::any_of(namesakes.begin(), namesakes.end(), is_shared);
    return namesakes.empty() || std::any_of(namesakes.begin(), namesakes.end(), [&](const Occurrence& occurrence) {
             return occurrence.place == place && (!shared || is_shared(occurrence));
           });
  }

  /// The linker keeps one copy of equal strings and constants, wherever it likes.
  bool compare_merged(const elf::Relocation& relocation, const elf::Symbol& symbol, Place found) {
    std::uint64_t into = 0;
    if (symbol.is_section()) {
      // The linker takes symbol and addend together as the place in the section to look up.
      into = static_cast<std::uint64_t>(is_pc_relative(relocation.type)
                                            ? effective_addend(relocation, decode(function_.code, function_.value))
                                            : relocation.addend);
    }
    const auto expected = mergeable(rebuilt_.sections[symbol.section], symbol.value + into);
    if (!expected) return disagree(Difference::reference, offset_of(relocation), found + into);
    const auto actual = shipped_.bytes(found + into, expected->size());
    if (!actual || !std::equal(expected->begin(), expected->end(), actual->begin(), actual->end()))
      return disagree(Difference::reference, offset_of(relocation), found + into);
    return true;
  }

  const MatchPair& pair_;
  const elf::Object& rebuilt_;
  const Shipped& shipped_;
  const RebuiltFunction& function_;
  Place place_;
  Reading reading_;
};

std::string describe_symbol(const elf::Object& object, const elf::Relocation& relocation, std::int64_t addend) {
  const auto& symbol = object.symbols[relocation.symbol];
  const auto& name = symbol.is_section() && symbol.is_defined() ? object.sections[symbol.section].name : symbol.name;
  return addend == 0 ? name : fmt::format("{}{:+#x}", name, addend);
}

}  // namespace

std::optional<ByteView> mergeable(const elf::Section& section, std::uint64_t offset) {
  const std::uint64_t unit = std::max<std::uint64_t>(section.entry_size, 1);
  if (offset >= section.data.size()) return std::nullopt;
  const auto rest = ByteView(section.data).subspan(offset);
  if (!section.is_strings()) return rest.first(std::min<std::uint64_t>(unit - offset % unit, rest.size()));
  for (std::uint64_t at = 0; unit <= rest.size() - at; at += unit) {
    const auto character = rest.subspan(at, unit);
    if (std::all_of(character.begin(), character.end(), [](std::uint8_t byte) { return byte == 0; }))
      return rest.first(at + unit);
  }
  return std::nullopt;
}

std::vector<RebuiltFunction> functions_of(const elf::Object& object) {
  std::vector<std::vector<elf::Relocation>> sorted(object.sections.size());
  std::vector<RebuiltFunction> result;
  for (elf::SymbolIndex index = 1; index < object.symbols.size(); ++index) {
    const auto& symbol = object.symbols[index];
    if (!symbol.is_function() || !symbol.is_defined() || symbol.name.starts_with("__pfx_")) continue;
    const auto& section = object.sections[symbol.section];
    if (!section.is_code() || !section.is_allocated()) continue;
    RebuiltFunction function{.symbol = index, .section = symbol.section, .value = symbol.value, .size = symbol.size};
    if (symbol.value <= section.data.size() && symbol.size <= section.data.size() - symbol.value)
      function.code = ByteView(section.data).subspan(symbol.value, symbol.size);

    const auto by_offset = [](const elf::Relocation& a, const elf::Relocation& b) { return a.offset < b.offset; };
    auto& relocations = sorted[symbol.section];
    if (relocations.empty() && !section.relocations.empty()) {
      std::copy_if(section.relocations.begin(), section.relocations.end(), std::back_inserter(relocations),
                   [](const elf::Relocation& relocation) { return relocation.type != R_X86_64_NONE; });
      std::stable_sort(relocations.begin(), relocations.end(), by_offset);
    }
    const auto first =
        std::lower_bound(relocations.begin(), relocations.end(), elf::Relocation{.offset = function.value}, by_offset);
    const auto last = std::lower_bound(first, relocations.end(),
                                       elf::Relocation{.offset = function.value + function.code.size()}, by_offset);
    function.relocations.assign(first, last);
    result.push_back(std::move(function));
  }
  return result;
}

Reading read_as(const MatchPair& pair, const RebuiltFunction& function, Place place) {
  return Comparison(pair, function, place).read();
}

Mismatch explain(const MatchPair& pair, const RebuiltFunction& function, Place place,
                 const Reading::Disagreement& disagreement) {
  const auto& [rebuilt, shipped] = std::tie(pair.rebuilt, pair.shipped);
  const auto instructions = decode(function.code, function.value);
  const auto* differing = find_instruction(instructions, function.value + disagreement.offset);
  const auto begin = differing == nullptr ? disagreement.offset : differing->offset - function.value;
  const auto address = place.offset + begin;
  Mismatch result{.function = rebuilt.symbols[function.symbol].name,
                  .difference = disagreement.difference,
                  .offset = begin,
                  .rebuilt = disassemble(function.code, begin, address)};

  std::optional<ByteView> shipped_code;
  for (std::uint64_t length = 15; length > 0 && !shipped_code; --length)
    shipped_code = shipped.bytes(place + begin, length);
  result.shipped = shipped_code ? disassemble(*shipped_code, 0, address) : "no code";

  for (const auto& relocation : function.relocations) {
    if (differing == nullptr || relocation.offset < differing->offset || relocation.offset >= differing->end())
      continue;
    result.rebuilt +=
        fmt::format(" <{}>", describe_symbol(rebuilt, relocation, effective_addend(relocation, instructions)));
  }
  if (disagreement.target) result.shipped += fmt::format(" <{}>", shipped.describe(*disagreement.target));
  return result;
}

}  // namespace suture::patch::matching
