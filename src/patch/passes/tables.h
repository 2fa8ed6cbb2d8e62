// The tables that the kernel's toolchain writes beside code, and how their entries lie.
// Sources: include/linux/{jump_label,static_call_types,bug}.h, arch/x86/include/asm/{alternative,
// paravirt_types,extable,bug}.h of Linux 3.x to 6.12, tools/objtool.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "elf/object.h"

namespace suture::patch {

/// Section name -> bytes an entry, where the kernel's own types said so.
using EntrySizes = std::map<std::string, std::uint64_t, std::less<>>;

struct TableKind {
  std::string_view section;
  /// The field that names the code an entry speaks of.
  std::uint64_t owner_field;
  /// Smallest and largest size that an entry has had in any kernel since 2.6.32: what may be inferred.
  std::uint64_t least_size, most_size;
  /// Entries are multiples of this, except that the section may end with the last entry's content.
  std::uint64_t alignment;
  /// Whether a difference in it changes what the function does. Tables that only say where in the
  /// code something stands (return sites, lock prefixes) follow from the code.
  bool has_meaning;
};

/// Lists places in code where vmlinux, at boot, puts a value that stays the same from then on
/// (arch/x86/include/asm/runtime-const.h, since 6.11): "runtime_ptr_USER_PTR_MAX". Until then there is
/// a placeholder. Nothing does so for modules.
bool is_runtime_constant(std::string_view section);

/// Null if the section is no such table.
const TableKind* table_kind(std::string_view section);

/// Bytes an entry of `table`, a section of `object`, from `sizes` if it is there, else inferred from
/// the pattern of the relocations: the smallest stride that all entries share, each speaking of code.
/// Fails if nothing fits.
Result<std::uint64_t> entry_size(const elf::Object& object, const elf::Section& table, const TableKind& kind,
                                 const EntrySizes& sizes);

/// Sections that a live patch neither compares nor carries: notes, debug information, exports, and
/// what only the build reads.
bool is_ignored(std::string_view section);

}  // namespace suture::patch
