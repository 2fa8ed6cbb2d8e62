// The symbol table that a kernel carries in its read-only data, and the positions in it that
// livepatch counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::image {

struct KernelSymbol {
  std::string name;
  /// As linked: before KASLR, and for per-CPU variables their offset in the per-CPU area.
  std::uint64_t address;
  /// As in /proc/kallsyms: 't' and 'T' code, 'd', 'b', 'r' data, 'A' per-CPU, lower case local.
  char type;
  bool operator==(const KernelSymbol&) const = default;
};

class Kallsyms {
 public:
  /// Finds and decodes the tables in `rodata`, a kernel's .rodata section. They are recognised by
  /// how their parts fit together, whatever the kernel's version: see kallsyms_tables.h.
  static Result<Kallsyms> parse(ByteView rodata, std::string_view name);

  /// From symbols in the kernel's order: by ascending address.
  explicit Kallsyms(std::vector<KernelSymbol> symbols);

  /// All symbols, in the order of the table: by ascending address. An index below is one into this.
  const std::vector<KernelSymbol>& symbols() const { return symbols_; }

  /// The indices of all symbols called `name`, ascending.
  std::vector<std::size_t> named(std::string_view name) const;

  /// The address of the one symbol called `name`. Fails when there is none, or more than one.
  Result<std::uint64_t> unique_address(std::string_view name) const;

  /// The first symbol, in table order, that starts exactly at `address`. Aliases follow it.
  std::optional<std::size_t> symbol_at(std::uint64_t address) const;

  /// The first of the symbols that start at the greatest address not above `address`. Kallsyms has
  /// no sizes, so this says nothing about whether the address still belongs to that symbol.
  std::optional<std::size_t> symbol_covering(std::uint64_t address) const;

  /// What livepatch calls the symbol's position (sympos): 0 for a name that occurs once, else the
  /// symbol's number, from 1, among those of its name in table order.
  ///
  /// klp_find_object_symbol() (kernel/livepatch/core.c) counts calls of its callback. In 6.1 these
  /// come from kallsyms_on_each_symbol(), which walks the table. From 6.2 they come from
  /// kallsyms_on_each_match_symbol(), which walks kallsyms_seqs_of_names; scripts/kallsyms.c sorts
  /// that by name, then address (where it compares addresses at all), then place in the table, and
  /// the table itself is sorted by address: for one name both orders are the same. (Not so for
  /// names ending in .llvm.HASH, which Clang's LTO makes and the kernel cuts off.)
  ///
  /// `index` is less than symbols().size().
  std::size_t position_of(std::size_t index) const { return positions_[index]; }

 private:
  /// Comparing hashes first sorts a kernel's names several times faster than comparing the names.
  struct Entry {
    std::size_t hash;
    std::uint32_t index;
  };

  std::vector<KernelSymbol> symbols_;
  std::vector<Entry> by_name_;  ///< sorted by hash, name, index
  std::vector<std::uint32_t> positions_;
};

}  // namespace suture::image
