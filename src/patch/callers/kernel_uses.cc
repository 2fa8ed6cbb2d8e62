#include "patch/callers/kernel_uses.h"

#include <elf.h>

#include <algorithm>
#include <array>
#include <bitset>

#include "image/kernel_image.h"
#include "patch/instructions.h"

namespace suture::patch {
namespace {

constexpr std::uint64_t distance_size = 4;

// Sections of a linked kernel that only describe code, list what is exported, or hold no addresses.
constexpr std::array<std::string_view, 17> no_way_in = {
    ".orc_unwind",   ".orc_lookup",      "__ex_table",        "__bug_table",
    ".BTF",          ".notes",           "__ksymtab",         "__kcrctab",
    ".smp_locks",    ".altinstructions", ".parainstructions", ".retpoline_sites",
    ".return_sites", ".call_sites",      ".ibt_endbr_seal",   ".static_call_sites",
    "__modver"};

bool is_no_way_in(std::string_view section) {
  return std::ranges::any_of(no_way_in, [&](std::string_view prefix) { return section.starts_with(prefix); });
}

/// Says no to nearly every address that is not in it, at once.
class Addresses {
 public:
  explicit Addresses(const std::set<std::uint64_t>& all) : all_(all) {
    for (const auto address : all) hint_.set(address % hint_.size());
  }
  bool holds(std::uint64_t address) const { return hint_.test(address % hint_.size()) && all_.contains(address); }

 private:
  const std::set<std::uint64_t>& all_;
  std::bitset<1U << 16> hint_;
};

std::uint64_t lead(std::uint64_t from, std::int32_t distance) {
  return from + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

class KernelSearch {
 public:
  KernelSearch(const image::KernelImage& kernel, const std::set<std::uint64_t>& functions)
      : kernel_(kernel), functions_(functions) {}

  Result<std::vector<ShippedUse>> run() {
    const auto fields = TRY(kernel_.absolute_fields());
    for (const auto& section : kernel_.sections()) {
      if (section.type == SHT_NOBITS) continue;
      const auto bytes = TRY(kernel_.bytes_at(section.address, section.size));
      if (section.is_code) {
        search_code(section, bytes);
      } else if (!is_no_way_in(section.name)) {
        search_data(section, bytes);
      }
    }
    search_absolute(fields.words, sizeof(std::uint64_t));
    search_absolute(fields.halves, sizeof(std::int32_t));
    std::ranges::stable_sort(uses_, {}, &Found::place);
    std::vector<ShippedUse> uses;
    for (auto& found : uses_) uses.push_back(std::move(found.use));
    return uses;
  }

 private:
  struct Found {
    std::uint64_t place;
    ShippedUse use;
  };

  // What replaces instructions lies in memory that is given back, but it has been copied into code that stays.
  static bool is_replacement(std::string_view section) { return section.starts_with(".altinstr"); }
  bool is_gone(const image::LoadedSection& section, std::uint64_t place) const {
    return kernel_.in_init(place) && !is_replacement(section.name);
  }

  void search_code(const image::LoadedSection& section, ByteView code) {
    for (std::size_t at = 0; at + distance_size <= code.size(); ++at) {
      const auto place = section.address + at;
      const auto function = lead(place + distance_size, load_le<std::int32_t>(code, at));
      if (functions_.holds(function) && !is_gone(section, place)) judge_distance(section, place, function);
    }
  }

  // Other bytes can look like a distance: an instruction must hold it.
  void judge_distance(const image::LoadedSection& section, std::uint64_t place, std::uint64_t function) {
    const auto begin = begin_of(section, place);
    const auto end = end_of(section, place);
    const auto code = kernel_.bytes_at(begin, end - begin);
    if (!code) return;
    const auto instructions = decode(*code, begin);
    const auto* instruction = find_instruction(instructions, place);
    if (instruction == nullptr || !instruction->valid) {
      add(place, function, false, fmt::format("{} holds what looks like its address", name_at(place)));
    } else if (instruction->branch_target == function) {
      const bool stays = !name_at(place).starts_with("__SCT__") && !is_replacement(section.name);
      add(place, function, stays,
          stays ? std::string() : fmt::format("{} leads to it, which the kernel changes as it runs", name_at(place)));
    } else if (instruction->rip_relative && instruction->displacement.holds(place)) {
      add(place, function, false, fmt::format("{} takes its address", name_at(place)));
    }
  }

  void search_data(const image::LoadedSection& section, ByteView data) {
    for (std::size_t at = 0; at + distance_size <= data.size(); at += distance_size) {
      const auto place = section.address + at;
      const auto function = lead(place, load_le<std::int32_t>(data, at));
      if (functions_.holds(function) && !is_gone(section, place)) add_data(section, place, function);
    }
  }

  void search_absolute(const std::vector<std::uint64_t>& places, std::uint64_t size) {
    for (const auto place : places) {
      const auto field = kernel_.bytes_at(place, size);
      if (!field) continue;
      const auto function =
          size == sizeof(std::uint64_t) ? load_le<std::uint64_t>(*field, 0) : lead(0, load_le<std::int32_t>(*field, 0));
      if (!functions_.holds(function)) continue;
      const auto* section = kernel_.section_at(place);
      if (section == nullptr || is_gone(*section, place)) continue;
      if (section->is_code) {
        add(place, function, false, fmt::format("{} takes its address", name_at(place)));
      } else if (!is_no_way_in(section->name)) {
        add_data(*section, place, function);
      }
    }
  }

  void add_data(const image::LoadedSection& section, std::uint64_t place, std::uint64_t function) {
    const auto name = name_at(place);
    // The kernel's own table of symbols holds distances too, from another place than their own; and
    // __jump_table, part of .data, speaks of places in code.
    if (name.starts_with("kallsyms_") || in_jump_table(place)) return;
    add(place, function, false,
        name.empty() ? fmt::format("{} holds its address", section.name)
                     : fmt::format("{} ({}) holds its address", name, section.name));
  }

  bool in_jump_table(std::uint64_t place) const {
    const auto begin = kernel_.symbols().unique_address("__start___jump_table");
    const auto end = kernel_.symbols().unique_address("__stop___jump_table");
    return begin && end && place >= *begin && place < *end;
  }

  void add(std::uint64_t place, std::uint64_t function, bool call, std::string how) {
    const auto index = kernel_.symbols().symbol_covering(place);
    const auto user = index ? kernel_.symbols().symbols()[*index].address : place;
    if (user == function) return;
    uses_.push_back(
        {place,
         {.function = function, .user = user, .user_name = name_at(place), .call = call, .how = std::move(how)}});
  }

  std::string name_at(std::uint64_t place) const {
    const auto index = kernel_.symbols().symbol_covering(place);
    return index ? kernel_.symbols().symbols()[*index].name : std::string();
  }

  std::uint64_t begin_of(const image::LoadedSection& section, std::uint64_t place) const {
    const auto index = kernel_.symbols().symbol_covering(place);
    return index ? std::max(kernel_.symbols().symbols()[*index].address, section.address) : section.address;
  }
  std::uint64_t end_of(const image::LoadedSection& section, std::uint64_t place) const {
    const auto& symbols = kernel_.symbols().symbols();
    const auto next = std::ranges::upper_bound(symbols, place, {}, &image::KernelSymbol::address);
    const auto end = section.address + section.size;
    return next == symbols.end() ? end : std::min(next->address, end);
  }

  const image::KernelImage& kernel_;
  const Addresses functions_;
  std::vector<Found> uses_;
};

}  // namespace

Result<std::vector<ShippedUse>> find_kernel_uses(const image::KernelImage& kernel,
                                                 const std::set<std::uint64_t>& functions) {
  return KernelSearch(kernel, functions).run();
}

}  // namespace suture::patch
