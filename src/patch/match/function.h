// One rebuilt function against one place in the shipped object.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "patch/match/shipped.h"

namespace suture::patch::matching {

/// A function of the rebuilt object, with the relocations that lie in it.
struct RebuiltFunction {
  elf::SymbolIndex symbol = 0;
  elf::SectionIndex section = 0;
  std::uint64_t value = 0;
  std::uint64_t size = 0;
  ByteView code = {};                             ///< empty if the object has no such bytes
  std::vector<elf::Relocation> relocations = {};  ///< by offset, which counts from the section's start
};

/// A rebuilt object against a shipped one.
class MatchPair {
 public:
  MatchPair(const elf::Object& rebuilt_object, const Shipped& shipped_object)
      : rebuilt(rebuilt_object), shipped(shipped_object), occurrences_(rebuilt_object.symbols.size()) {}

  /// Shipped symbols with the name of a symbol of the rebuilt object. Looked up once.
  const std::vector<Occurrence>& namesakes(elf::SymbolIndex symbol) const {
    auto& known = occurrences_[symbol];
    if (!known) known = shipped.named(rebuilt.symbols[symbol].name);
    return *known;
  }

  const elf::Object& rebuilt;
  const Shipped& shipped;

 private:
  mutable std::vector<std::optional<std::vector<Occurrence>>> occurrences_;
};

/// All functions of `object` in symbol order, without the padding that objtool names `__pfx_…`.
std::vector<RebuiltFunction> functions_of(const elf::Object& object);

/// The bytes of the string or constant at `offset` in a section that the linker merges (SHF_MERGE),
/// a string with its end; none where there is none.
std::optional<ByteView> mergeable(const elf::Section& section, std::uint64_t offset);

/// What shipped bytes say when read as a certain function. Equal code teaches where the shipped
/// object keeps what the function refers to.
struct Reading {
  struct Disagreement {
    Difference difference = Difference::code;
    std::uint64_t offset = 0;          ///< of the first differing byte or of the field, from the function's start
    std::optional<Place> target = {};  ///< of the field
  };
  struct Section {
    elf::SectionIndex section;
    Place base;
    std::uint64_t offset;  ///< of the field that says so, from the function's start
  };
  struct Symbol {
    elf::SymbolIndex symbol;
    Place place;
    std::uint64_t offset;
  };

  std::optional<Disagreement> disagreement = {};
  std::vector<Section> sections = {};  ///< each section and base once
  std::vector<Symbol> symbols = {};    ///< each symbol and place once
};

/// Reads what was shipped at `place` as `function`: bytes outside of relocated fields must be equal,
/// a field must lead to a shipped symbol of the right name or to an equal string or constant.
Reading read_as(const MatchPair& pair, const RebuiltFunction& function, Place place);

/// Tells both instructions at a byte that differs.
Mismatch explain(const MatchPair& pair, const RebuiltFunction& function, Place place,
                 const Reading::Disagreement& disagreement);

}  // namespace suture::patch::matching
