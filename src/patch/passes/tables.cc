#include "patch/passes/tables.h"

#include <algorithm>
#include <array>

namespace suture::patch {
namespace {

constexpr std::array kinds{
    TableKind{"__bug_table", 0, 6, 24, 1, true},        TableKind{"__ex_table", 0, 8, 16, 1, true},
    TableKind{"__jump_table", 0, 16, 24, 1, true},      TableKind{".altinstructions", 0, 11, 16, 1, true},
    TableKind{".parainstructions", 0, 16, 16, 8, true}, TableKind{".static_call_sites", 0, 8, 8, 1, true},
    TableKind{".smp_locks", 0, 4, 8, 1, false},         TableKind{".retpoline_sites", 0, 4, 4, 1, false},
    TableKind{".return_sites", 0, 4, 4, 1, false},      TableKind{".call_sites", 0, 4, 4, 1, false},
};

constexpr TableKind runtime_constants{"runtime_", 0, 4, 4, 1, true};

std::uint64_t count_of(const elf::Section& table, std::uint64_t stride) { return (table.size + stride - 1) / stride; }

// The last entry may lack what would align a next one.
bool holds_whole_entries(const elf::Section& table, const TableKind& kind, std::uint64_t stride) {
  const auto rest = table.size % stride;
  return rest == 0 || (stride % kind.alignment == 0 && stride - rest < kind.alignment);
}

bool is_code(const elf::Object& object, elf::SymbolIndex index) {
  const auto& symbol = object.symbols[index];
  return symbol.is_defined() && object.sections[symbol.section].is_code();
}

// Whether all entries have relocations in the same places, and the one that names an entry's code
// does name code: else 12-byte entries whose three fields are all relocated pass for 8-byte ones.
bool has_stride(const elf::Object& object, const elf::Section& table, const TableKind& kind, std::uint64_t stride) {
  const auto count = count_of(table, stride);
  const auto& all = table.relocations;
  if (count == 0 || all.empty() || all.size() % count != 0) return false;
  const auto fields = all.size() / count;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto base = (i / fields) * stride;
    const auto& first = all[i % fields];
    if (first.offset >= stride || all[i].offset != base + first.offset || all[i].type != first.type) return false;
    if (first.offset == kind.owner_field && !is_code(object, all[i].symbol)) return false;
  }
  return true;
}

}  // namespace

bool is_runtime_constant(std::string_view section) {
  return section.starts_with("runtime_ptr_") || section.starts_with("runtime_shift_");
}

const TableKind* table_kind(std::string_view section) {
  if (is_runtime_constant(section)) return &runtime_constants;
  const auto it =
      std::find_if(kinds.begin(), kinds.end(), [&](const TableKind& kind) { return kind.section == section; });
  return it == kinds.end() ? nullptr : &*it;
}

Result<std::uint64_t> entry_size(const elf::Object& object, const elf::Section& table, const TableKind& kind,
                                 const EntrySizes& sizes) {
  if (const auto known = sizes.find(table.name); known != sizes.end()) {
    if (known->second == 0 || !holds_whole_entries(table, kind, known->second)) {
      return fail(Error(fmt::format("{}: {} bytes are no whole number of entries of {} bytes", table.name, table.size,
                                    known->second))
                      .advise(fmt::format("give the true size with --entry-size {}=N", table.name)));
    }
    return known->second;
  }
  // Linux before 4.19 has 24-byte jump entries with absolute addresses, which would pass for 8.
  const bool absolute = !table.relocations.empty() && table.relocations.front().type == R_X86_64_64;
  auto stride = kind.least_size;
  if (kind.section == "__jump_table" && absolute) stride = 24;
  for (; stride <= kind.most_size; stride += kind.alignment) {
    if (holds_whole_entries(table, kind, stride) && has_stride(object, table, kind, stride)) return stride;
  }
  return fail(Error(fmt::format("{}: cannot tell how long an entry is from its {} bytes and {} relocations", table.name,
                                table.size, table.relocations.size()))
                  .advise(fmt::format("give it with --entry-size {}=N (pahole shows the kernel's type)", table.name)));
}

bool is_ignored(std::string_view section) {
  constexpr std::array<std::string_view, 21> prefixes{".discard.",
                                                      ".comment",
                                                      ".note",
                                                      ".debug",
                                                      ".eh_frame",
                                                      ".export_symbol",
                                                      "___ksymtab",
                                                      "___kcrctab",
                                                      "__ksymtab",
                                                      "__kcrctab",
                                                      ".modinfo",
                                                      ".llvm_addrsig",
                                                      ".llvm_",
                                                      ".gnu.",
                                                      ".stab",
                                                      ".sframe",
                                                      ".ibt_endbr_seal",
                                                      "__mcount_loc",
                                                      "__patchable_function_entries",
                                                      ".printk_index",
                                                      ".symtab_"};
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return section.starts_with(prefix); });
}

}  // namespace suture::patch
