// Two builds of one source by one compiler, one of them with a section for each function and
// variable. The code is the same, but not the bytes: calls and jumps that the assembler could
// resolve within .text now need a relocation and a full field, so jumps grow, all that follows
// moves, and alignment pads differently.
//
// So the functions are read as instruction sequences without nops, and a place in code is a
// function and the ordinal of an instruction in it. (The nops of jump labels and alternatives go
// too: they grow with the jumps that they stand for.) Tests of static keys, which one of the builds
// may have compiled to read the key, are compared by where they stand, what they test and where they
// lead. A place in data is compared through the symbols around it, strings and constants by content.

#include <algorithm>
#include <map>
#include <unordered_map>

#include "patch/instructions.h"
#include "patch/match/function.h"

namespace suture::patch::matching {

namespace {

/// A place in an object: a defined section, or an undefined symbol; and the distance from its start.
struct Target {
  elf::SectionIndex section = 0;
  elf::SymbolIndex external = 0;
  std::uint64_t offset = 0;
};

/// A test of a static key.
struct KeyTest {
  std::uint64_t place = 0;  ///< in the section of the function
  Target leads_to = {};
  Target key = {};
  bool jumps_if_off = false;
};

struct Routine {
  RebuiltFunction function = {};
  std::vector<Instruction> instructions = {};  ///< without nops and tests of keys
  std::vector<KeyTest> tests = {};             ///< by place

  bool covers(std::uint64_t offset) const {
    return offset >= function.value && offset - function.value < function.size;
  }
  /// Of the first instruction at or after an offset in the section, nops not counted.
  std::size_t ordinal(std::uint64_t offset) const {
    const auto found = std::lower_bound(instructions.begin(), instructions.end(), offset,
                                        [](const Instruction& i, std::uint64_t place) { return i.offset < place; });
    return static_cast<std::size_t>(found - instructions.begin());
  }
  const elf::Relocation* relocation_in(const Instruction& instruction, std::size_t number) const {
    const auto first = std::lower_bound(function.relocations.begin(), function.relocations.end(), instruction.offset,
                                        [](const elf::Relocation& r, std::uint64_t place) { return r.offset < place; });
    const auto left = static_cast<std::size_t>(function.relocations.end() - first);
    if (number >= left) return nullptr;
    const auto& relocation = *(first + static_cast<std::ptrdiff_t>(number));
    return relocation.offset < instruction.end() ? &relocation : nullptr;
  }
};

/// One object, indexed.
class Build {
 public:
  explicit Build(const elf::Object& object) : object_(object), symbols_(object.sections.size()) {
    for (auto& function : functions_of(object)) {
      Routine routine{.function = std::move(function)};
      routine.instructions = decode(routine.function.code, routine.function.value);
      std::erase_if(routine.instructions, [](const Instruction& instruction) { return instruction.is_nop; });
      by_name_.try_emplace(object.symbols[routine.function.symbol].name, routines_.size());
      by_place_.try_emplace({routine.function.section, routine.function.value}, routines_.size());
      routines_.push_back(std::move(routine));
    }
    for (const auto& section : object.sections) {
      constexpr std::size_t patched = 1;  // a nop or a jump
      constexpr std::size_t read = 2;     // a comparison, and a conditional jump
      if (section.name == "__jump_table") note_tests(section, patched);
      if (section.name == read_keys_section) note_tests(section, read);
    }
    for (elf::SymbolIndex index = 1; index < object.symbols.size(); ++index) {
      const auto& symbol = object.symbols[index];
      if (!symbol.is_defined() || symbol.is_section() || symbol.name.empty()) continue;
      symbols_[symbol.section].push_back(index);
      symbol_by_name_.try_emplace(symbol.name, index);
    }
    for (auto& symbols : symbols_)
      std::stable_sort(symbols.begin(), symbols.end(), [&](elf::SymbolIndex a, elf::SymbolIndex b) {
        return object.symbols[a].value < object.symbols[b].value;
      });
  }

  const elf::Object& object() const { return object_; }
  const std::vector<Routine>& routines() const { return routines_; }
  const std::string& name_of(const Routine& routine) const { return object_.symbols[routine.function.symbol].name; }

  /// arch/x86/include/asm/jump_label.h: the instruction, where it leads, the key; each relative to its
  /// field. The key's two lowest bits say how it is tested.
  void note_tests(const elf::Section& table, std::size_t instructions) {
    constexpr std::uint64_t entry = 16;
    const auto& fields = table.relocations;
    if (fields.size() != 3 * (table.size / entry)) return;
    for (std::size_t i = 0; i < fields.size(); i += 3) {
      if (fields[i].offset != i / 3 * entry || fields[i + 1].offset != fields[i].offset + 4 ||
          fields[i + 2].offset != fields[i].offset + 8)
        return;
      const auto at = target_of(fields[i], {});
      const auto found = by_place_.upper_bound({at.section, at.offset});
      if (found == by_place_.begin()) continue;
      auto& routine = routines_[std::prev(found)->second];
      if (routine.function.section != at.section || !routine.covers(at.offset)) continue;
      auto key = target_of(fields[i + 2], {});
      const bool jumps_if_off = (key.offset & 1U) != 0;
      key.offset &= ~std::uint64_t{3};
      routine.tests.push_back({at.offset, target_of(fields[i + 1], {}), key, jumps_if_off});
      leave_out(routine, at.offset, instructions);
    }
    for (auto& routine : routines_)
      std::ranges::sort(routine.tests, {}, [](const KeyTest& test) { return test.place; });
  }

  /// A nop at `place` is not there already.
  static void leave_out(Routine& routine, std::uint64_t place, std::size_t count) {
    const auto begin = std::ranges::lower_bound(routine.instructions, place, {}, &Instruction::offset);
    auto end = begin;
    while (count-- > 0 && end != routine.instructions.end() && end->offset == (end == begin ? place : (end - 1)->end()))
      ++end;
    routine.instructions.erase(begin, end);
  }

  const Routine* routine_named(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &routines_[found->second];
  }

  /// The function that holds a place in code.
  const Routine* routine_at(const Target& target) const {
    auto found = by_place_.upper_bound({target.section, target.offset});
    if (found == by_place_.begin()) return nullptr;
    const auto& routine = routines_[(--found)->second];
    return routine.function.section == target.section && routine.covers(target.offset) ? &routine : nullptr;
  }

  const elf::Symbol* symbol_named(std::string_view name) const {
    const auto found = symbol_by_name_.find(name);
    return found == symbol_by_name_.end() ? nullptr : &object_.symbols[found->second];
  }

  struct Surroundings {
    std::vector<const elf::Symbol*> holders = {};  ///< that the place lies in, or ends
    const elf::Symbol* before = nullptr;           ///< the nearest others
    const elf::Symbol* after = nullptr;
  };
  Surroundings around(const Target& target) const {
    Surroundings found;
    for (const auto index : symbols_[target.section]) {
      const auto& symbol = object_.symbols[index];
      if (symbol.value > target.offset) {
        found.after = &symbol;
        break;
      }
      if (target.offset - symbol.value <= symbol.size) {
        found.holders.push_back(&symbol);
      } else {
        found.before = &symbol;
      }
    }
    return found;
  }

  /// What a relocation leads to, that of an instruction or (given none) of data.
  Target target_of(const elf::Relocation& relocation, const std::vector<Instruction>& instructions) const {
    const auto& symbol = object_.symbols[relocation.symbol];
    const auto addend = static_cast<std::uint64_t>(effective_addend(relocation, instructions));
    if (symbol.is_defined()) return {.section = symbol.section, .offset = symbol.value + addend};
    return {.external = relocation.symbol, .offset = addend};
  }

 private:
  const elf::Object& object_;
  std::vector<Routine> routines_;
  std::map<std::string_view, std::size_t> by_name_;
  std::map<std::pair<elf::SectionIndex, std::uint64_t>, std::size_t> by_place_;
  std::vector<std::vector<elf::SymbolIndex>> symbols_;  ///< of each section, by value
  std::unordered_map<std::string_view, elf::SymbolIndex> symbol_by_name_;
};

class BuildComparison {
 public:
  BuildComparison(const elf::Object& plain, const elf::Object& sectioned) : plain_(plain), sectioned_(sectioned) {}

  std::vector<Mismatch> compare() {
    std::vector<Mismatch> result;
    for (const auto& routine : plain_.routines()) {
      const auto& name = plain_.name_of(routine);
      if (const auto* twin = sectioned_.routine_named(name); twin == nullptr) {
        result.push_back(absence(name, "the build with sections lacks this function"));
      } else if (auto mismatch = compare_routines(routine, *twin)) {
        result.push_back(std::move(*mismatch));
      }
    }
    for (const auto& routine : sectioned_.routines())
      if (const auto& name = sectioned_.name_of(routine); plain_.routine_named(name) == nullptr)
        result.push_back(absence(name, "the plain build lacks this function"));
    return result;
  }

 private:
  static Mismatch absence(const std::string& name, std::string reason) {
    return {.function = name, .difference = Difference::absent, .shipped = std::move(reason)};
  }

  std::optional<Mismatch> compare_routines(const Routine& plain, const Routine& sectioned) {
    if (plain.function.code.empty() || sectioned.function.code.empty())
      return Mismatch{.function = plain_.name_of(plain), .difference = Difference::unreadable, .shipped = "no code"};
    const auto common = std::min(plain.instructions.size(), sectioned.instructions.size());
    for (std::size_t ordinal = 0; ordinal < common; ++ordinal)
      if (const auto difference =
              compare_instructions(plain, plain.instructions[ordinal], sectioned, sectioned.instructions[ordinal]))
        return explain_at(plain, sectioned, ordinal, *difference);
    if (plain.instructions.size() != sectioned.instructions.size())
      return explain_at(plain, sectioned, common, Difference::code);
    return compare_tests(plain, sectioned);
  }

  std::optional<Mismatch> compare_tests(const Routine& plain, const Routine& sectioned) {
    const auto is_same = [&](const KeyTest& a, const KeyTest& b) {
      return plain.ordinal(a.place) == sectioned.ordinal(b.place) && a.jumps_if_off == b.jumps_if_off &&
             same_place(a.leads_to, b.leads_to) && same_place(a.key, b.key);
    };
    if (std::ranges::equal(plain.tests, sectioned.tests, is_same)) return std::nullopt;
    return Mismatch{.function = plain_.name_of(plain),
                    .difference = Difference::reference,
                    .shipped = "it tests other static keys, or jumps elsewhere"};
  }

  Mismatch explain_at(const Routine& plain, const Routine& sectioned, std::size_t ordinal,
                      Difference difference) const {
    const auto text = [ordinal](const Routine& routine) -> std::string {
      if (ordinal >= routine.instructions.size()) return "the function's end";
      const auto& instruction = routine.instructions[ordinal];
      return disassemble(routine.function.code, instruction.offset - routine.function.value, instruction.offset);
    };
    return {.function = plain_.name_of(plain),
            .difference = difference,
            .offset = ordinal < plain.instructions.size() ? plain.instructions[ordinal].offset - plain.function.value
                                                          : plain.function.size,
            .rebuilt = text(plain),
            .shipped = text(sectioned)};
  }

  std::optional<Difference> compare_instructions(const Routine& plain, const Instruction& a, const Routine& sectioned,
                                                 const Instruction& b) {
    const bool direct = a.branch_target.has_value();
    if (a.valid != b.valid || a.mnemonic != b.mnemonic || direct != b.branch_target.has_value())
      return Difference::code;
    if (direct) {
      const auto leads_to = [](const Build& build, const Routine& routine, const Instruction& branch) {
        const auto* relocation = routine.relocation_in(branch, 0);
        return relocation != nullptr ? build.target_of(*relocation, routine.instructions)
                                     : Target{.section = routine.function.section, .offset = *branch.branch_target};
      };
      return same_place(leads_to(plain_, plain, a), leads_to(sectioned_, sectioned, b))
                 ? std::nullopt
                 : std::optional(Difference::reference);
    }
    if (a.length != b.length) return Difference::code;
    Bytes left = bytes_of(plain, a);
    Bytes right = bytes_of(sectioned, b);
    for (std::size_t number = 0;; ++number) {
      const auto* x = plain.relocation_in(a, number);
      const auto* y = sectioned.relocation_in(b, number);
      if (x == nullptr && y == nullptr) break;
      if (x == nullptr || y == nullptr || x->type != y->type || x->offset - a.offset != y->offset - b.offset ||
          !same_place(plain_.target_of(*x, plain.instructions), sectioned_.target_of(*y, sectioned.instructions)))
        return Difference::reference;
      const auto field = x->offset - a.offset;
      const auto size = std::min<std::uint64_t>(relocation_size(x->type), a.length - field);
      std::fill_n(left.begin() + static_cast<std::ptrdiff_t>(field), size, std::uint8_t{0});
      std::fill_n(right.begin() + static_cast<std::ptrdiff_t>(field), size, std::uint8_t{0});
    }
    return left == right ? std::nullopt : std::optional(Difference::code);
  }

  static Bytes bytes_of(const Routine& routine, const Instruction& instruction) {
    const auto bytes = routine.function.code.subspan(instruction.offset - routine.function.value, instruction.length);
    return {bytes.begin(), bytes.end()};
  }

  bool same_place(const Target& plain, const Target& sectioned) {
    if (plain.section == 0 || sectioned.section == 0) {
      return plain.section == sectioned.section && plain.offset == sectioned.offset &&
             plain_.object().symbols[plain.external].name == sectioned_.object().symbols[sectioned.external].name;
    }
    const auto& from = plain_.object().sections[plain.section];
    const auto& to = sectioned_.object().sections[sectioned.section];
    if (((from.flags | to.flags) & SHF_MERGE) != 0) return same_content(from, plain.offset, to, sectioned.offset);
    const auto* plain_routine = plain_.routine_at(plain);
    const auto* sectioned_routine = sectioned_.routine_at(sectioned);
    if (plain_routine != nullptr && sectioned_routine != nullptr)
      return same_instruction(*plain_routine, plain.offset, *sectioned_routine, sectioned.offset);
    const auto [holders, before, after] = sectioned_.around(sectioned);
    const auto through = [&](const elf::Symbol* symbol) { return same_through(symbol, plain, sectioned); };
    if (!holders.empty()) return std::any_of(holders.begin(), holders.end(), through);
    return through(before) || through(after) || same_nameless(plain, sectioned);
  }

  static bool same_content(const elf::Section& from, std::uint64_t at, const elf::Section& to, std::uint64_t twin_at) {
    const auto content = mergeable(from, at);
    const auto twin = mergeable(to, twin_at);
    return content && twin && std::equal(content->begin(), content->end(), twin->begin(), twin->end());
  }

  bool same_instruction(const Routine& plain, std::uint64_t at, const Routine& sectioned, std::uint64_t twin_at) const {
    // Functions may have aliases, and each build may know the place by another of them.
    const auto* twin = sectioned_.routine_named(plain_.name_of(plain));
    return twin != nullptr && twin->function.section == sectioned.function.section &&
           twin->function.value == sectioned.function.value && plain.ordinal(at) == sectioned.ordinal(twin_at);
  }

  /// Whether the places are at the same distance from a symbol.
  bool same_through(const elf::Symbol* symbol, const Target& plain, const Target& sectioned) const {
    if (symbol == nullptr) return false;
    const auto* original = plain_.symbol_named(symbol->name);
    return original != nullptr && original->section == plain.section &&
           original->value + (sectioned.offset - symbol->value) == plain.offset;
  }

  /// Data and code without symbols (initialisers of compound literals, alternatives' slow paths):
  /// the section as a whole must be found again in the plain build, always at the same offset.
  bool same_nameless(const Target& plain, const Target& sectioned) {
    const auto& section = sectioned_.object().sections[sectioned.section];
    const auto begin = plain.offset - sectioned.offset;
    const auto [known, is_new] = nameless_.try_emplace(sectioned.section, plain.section, begin);
    if (!is_new) return known->second == std::pair(plain.section, begin);
    const auto& original = plain_.object().sections[plain.section];
    if (begin > original.size || section.size > original.size - begin) return false;
    return masked(section, 0, section.size) == masked(original, begin, section.size);
  }

  static Bytes masked(const elf::Section& section, std::uint64_t begin, std::uint64_t size) {
    if (section.data.size() < section.size) return {};
    const auto bytes = ByteView(section.data).subspan(begin, size);
    Bytes result(bytes.begin(), bytes.end());
    for (const auto& relocation : section.relocations)
      for (std::uint64_t at = relocation.offset; at < relocation.offset + relocation_size(relocation.type); ++at)
        if (at >= begin && at - begin < size) result[at - begin] = 0;
    return result;
  }

  Build plain_;
  Build sectioned_;
  /// Sections of the build with sections that were found as a whole: where in the plain build.
  std::map<elf::SectionIndex, std::pair<elf::SectionIndex, std::uint64_t>> nameless_;
};

}  // namespace

}  // namespace suture::patch::matching

namespace suture::patch {

std::vector<Mismatch> compare_builds(const elf::Object& plain, const elf::Object& sectioned) {
  return matching::BuildComparison(plain, sectioned).compare();
}

}  // namespace suture::patch
