// ORC: for every address of code, where on the stack the caller's frame begins. Livepatch judges by
// it whether a task is still in an old function, so a wrong entry lets a task be switched too early.
//
// The tables are checked against the code itself. At a function's first instruction the caller's
// frame begins 8 bytes above the stack pointer. From there, where an entry counts from the stack
// pointer, each instruction that falls through or jumps to another must leave an entry behind that
// differs by exactly what it has pushed: after "push %rbx" the distance is 8 more. So not only an
// entry that is missing for a whole function is found, but any one that changes anything.
#include <algorithm>
#include <set>

#include "check/checks.h"

namespace suture::check {
namespace {

constexpr std::string_view table = ".orc_unwind";
constexpr std::string_view addresses = ".orc_unwind_ip";

// arch/x86/include/asm/orc_types.h, the same in 6.1 and 6.12
constexpr std::uint64_t reg_undefined = 0;
constexpr std::uint64_t reg_sp = 5;

struct Entry {
  Place place;
  std::uint64_t base = reg_undefined;  ///< what the distance counts from
  std::int64_t distance = 0;
  bool operator==(const Entry&) const = default;
};

class Unwinding {
 public:
  explicit Unwinding(const Context& context) : context_(context) {}

  void run() {
    if (context_.shipped.symbols("__start_orc_unwind").empty()) return;
    check_header();
    if (!read()) return;
    alternatives_ = alternatives();
    std::uint64_t functions = 0;
    for (const auto& symbol : context_.module.symbols()) {
      if (!symbol.is_function() || !symbol.is_defined() || symbol.size == 0) continue;
      const auto& section = context_.module.section(symbol.section);
      if (!section.is_code() || !section.is_allocated()) continue;
      ++functions;
      check_function(symbol);
    }
    for (const auto& [section, instructions] : context_.code.sections())
      if (context_.module.section(section).is_allocated()) check_section(section, instructions);
    context_.examined("functions with unwinding", functions);
  }

 private:
  /// Nothing in the kernel reads it: it is for tools that read the tables from files.
  void check_header() const {
    const auto expected = context_.shipped.orc_header();
    const Section* header = context_.module.find(".orc_header");
    if (expected.empty() || (header != nullptr && std::ranges::equal(header->data, expected))) return;
    context_.finding("unwind-table", ".orc_header", "{}",
                     header == nullptr ? "is missing, which every module of this kernel has"
                                       : "is another than in this kernel's modules: the entries have another form");
  }

  bool read() {
    const Section* entries = context_.module.find(table);
    const Section* places = context_.module.find(addresses);
    const auto layout = context_.shipped.layout("orc_entry");
    if (entries == nullptr || places == nullptr) {
      context_.finding("unwind-table", std::string(table), "and {} are both expected in memory", addresses);
      return false;
    }
    const auto* distance = layout ? layout->find("sp_offset") : nullptr;
    const auto* base = layout ? layout->find("sp_reg") : nullptr;
    if (distance == nullptr || base == nullptr || layout->size == 0 || distance->offset() + 2 > layout->size ||
        base->offset() >= layout->size || base->size_bits > 8) {
      context_.finding("unwind-table", std::string(table),
                       "cannot be read: this kernel does not describe struct orc_entry");
      return false;
    }
    const auto count = entries->data.size() / layout->size;
    if (entries->data.size() % layout->size != 0 || places->data.size() != count * 4) {
      context_.finding("unwind-table", std::string(table),
                       "has {} bytes in entries of {}, {} has {} in addresses of 4: they do not pair",
                       entries->data.size(), layout->size, addresses, places->data.size());
      return false;
    }
    for (std::uint64_t i = 0; i < count; ++i) read_entry(*entries, *places, *layout, *distance, *base, i);
    // An end of one section may be the begin of the next; the begin counts (orc_sort_cmp()).
    std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      return std::pair(a.place, a.base != reg_undefined) < std::pair(b.place, b.base != reg_undefined);
    });
    for (std::size_t i = 1; i < entries_.size(); ++i)
      if (entries_[i - 1].place == entries_[i].place && entries_[i - 1].base != reg_undefined &&
          !(entries_[i - 1] == entries_[i]))
        context_.finding("unwind-table", context_.module.describe(entries_[i].place), "has two entries that differ");
    context_.examined("unwind entries", count);
    return true;
  }

  void read_entry(const Section& entries, const Section& places, const image::Layout& layout,
                  const image::Member& distance, const image::Member& base, std::uint64_t i) {
    const auto* relocation = context_.module.relocation_at({places.index, i * 4});
    const auto target = relocation != nullptr ? context_.module.target(*relocation) : std::nullopt;
    if (!target || !context_.module.section(target->section).is_code() ||
        target->offset > context_.module.section(target->section).size) {
      context_.finding("unwind-table", fmt::format("{} entry {}", addresses, i), "does not lead to code of the module");
      return;
    }
    const auto at = i * layout.size;
    const auto bits = static_cast<std::uint64_t>(entries.data[at + base.offset()]) >> (base.offset_bits % 8);
    entries_.push_back({.place = *target,
                        .base = bits & ((std::uint64_t{1} << base.size_bits) - 1),
                        .distance = load_le<std::int16_t>(entries.data, at + distance.offset())});
  }

  /// The entry that the unwinder takes for an address: the last one not above it. Those of another
  /// section do not count: how sections follow one another is the loader's choice.
  const Entry* at(Place place) const {
    const auto after = std::upper_bound(entries_.begin(), entries_.end(), place,
                                        [](const Place& wanted, const Entry& each) { return wanted < each.place; });
    if (after == entries_.begin() || (after - 1)->place.section != place.section) return nullptr;
    return &*(after - 1);
  }

  void check_function(const Symbol& function) const {
    const Place begin{function.section, function.value};
    const Entry* entry = at(begin);
    if (entry == nullptr || entry->base == reg_undefined)
      context_.finding("unwind-missing", function.name, "has no entry in {} for its first instruction", table);
    else if ((entry->base != reg_sp || entry->distance != 8) && function.name.find(".cold") == std::string::npos)
      context_.finding("unwind-state", function.name,
                       "begins with register {} plus {} as its caller's frame, not with the stack pointer plus 8",
                       entry->base, entry->distance);
  }

  /// Where alternatives put other instructions, which may use the stack in between.
  std::set<Place> alternatives() const {
    std::set<Place> originals;
    const Section* section = context_.module.find(".altinstructions");
    const auto layout = context_.shipped.layout("alt_instr");
    const auto* size = layout ? layout->find("instrlen") : nullptr;
    if (section == nullptr || size == nullptr || layout->size == 0) return originals;
    for (std::uint64_t at = 0; at + layout->size <= section->data.size(); at += layout->size) {
      const auto* relocation = context_.module.relocation_at({section->index, at});
      const auto begin = relocation != nullptr ? context_.module.target(*relocation) : std::nullopt;
      const auto length = Reader(section->data, "").at<std::uint8_t>(at + size->offset());
      if (!begin || !length) continue;
      for (const auto& each : context_.code.in(*begin, *length)) originals.insert({begin->section, each.offset});
    }
    return originals;
  }

  void check_section(std::uint32_t section, const std::vector<Instruction>& instructions) const {
    for (std::size_t i = 0; i < instructions.size(); ++i) {
      const auto& each = instructions[i];
      const Entry* before = at({section, each.offset});
      if (before == nullptr || before->base != reg_sp || !each.pushes || alternatives_.contains({section, each.offset}))
        continue;
      const bool next = i + 1 < instructions.size() && instructions[i + 1].offset == each.end();
      // A call may never return; what follows it is then reached in other ways.
      if (each.falls_through() && each.kind != Kind::call && each.kind != Kind::indirect_call && next)
        check_step(section, each, *before, each.end());
      if ((each.kind == Kind::jump || each.kind == Kind::conditional_jump) && each.branch &&
          context_.code.branch_relocation(section, each) == nullptr)
        check_step(section, each, *before, *each.branch);
    }
  }

  void check_step(std::uint32_t section, const Instruction& instruction, const Entry& before, std::uint64_t to) const {
    const Place place{section, to};
    if (context_.code.at(place) == nullptr) return;
    const Entry* after = at(place);
    const auto expected = before.distance + *instruction.pushes;
    if (after == nullptr || after->base == reg_undefined)
      context_.finding("unwind-missing", context_.module.describe(place), "is reached from {}, and has no entry in {}",
                       context_.module.describe({section, instruction.offset}), table);
    else if (after->base == reg_sp && after->distance != expected)
      context_.finding("unwind-state", context_.module.describe(place),
                       "has the caller's frame {} bytes above the stack pointer, but '{}' at {} leaves {}",
                       after->distance, mnemonic_name(instruction),
                       context_.module.describe({section, instruction.offset}), expected);
  }

  const Context& context_;
  std::vector<Entry> entries_;  ///< by place
  std::set<Place> alternatives_;
};

}  // namespace

void check_unwinding(const Context& context) { Unwinding(context).run(); }

}  // namespace suture::check
