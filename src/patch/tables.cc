#include "patch/tables.h"

#include <algorithm>
#include <array>

namespace suture::patch {
namespace {

constexpr std::array kinds{
    TableKind{"__bug_table", 0, 6, true},        TableKind{"__ex_table", 0, 8, true},
    TableKind{"__jump_table", 0, 16, true},      TableKind{".altinstructions", 0, 11, true},
    TableKind{".parainstructions", 0, 12, true}, TableKind{".static_call_sites", 0, 8, true},
    TableKind{".smp_locks", 0, 4, false},        TableKind{".retpoline_sites", 0, 4, false},
    TableKind{".return_sites", 0, 4, false},     TableKind{".call_sites", 0, 4, false},
};

// Fields of an entry that hold relocations, as (offset in entry, type); empty if entries differ.
bool has_stride(const elf::Section& table, std::uint64_t stride) {
  const auto count = table.size / stride;
  const auto& all = table.relocations;
  if (count == 0 || all.size() % count != 0) return false;
  const auto fields = all.size() / count;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto base = (i / fields) * stride;
    const auto& first = all[i % fields];
    if (all[i].offset < base || all[i].offset - base != first.offset || all[i].type != first.type ||
        first.offset >= stride) {
      return false;
    }
  }
  return true;
}

}  // namespace

const TableKind* table_kind(std::string_view section) {
  const auto it =
      std::find_if(kinds.begin(), kinds.end(), [&](const TableKind& kind) { return kind.section == section; });
  return it == kinds.end() ? nullptr : &*it;
}

Result<std::uint64_t> entry_size(const elf::Section& table, const TableKind& kind, const EntrySizes& sizes) {
  if (const auto known = sizes.find(table.name); known != sizes.end()) {
    if (known->second == 0 || table.size % known->second != 0) {
      return fail(Error(fmt::format("{}: {} bytes are no whole number of entries of {} bytes", table.name, table.size,
                                    known->second))
                      .advise(fmt::format("give the true size with --entry-size {}=N", table.name)));
    }
    return known->second;
  }
  // Linux before 4.19 has 24-byte jump entries with absolute addresses, which would pass for 8.
  const bool absolute = !table.relocations.empty() && table.relocations.front().type == R_X86_64_64;
  auto least = kind.least_size;
  if (kind.section == "__jump_table" && absolute) least = 24;
  for (auto stride = least; stride <= table.size; ++stride) {
    if (table.size % stride == 0 && has_stride(table, stride)) return stride;
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
