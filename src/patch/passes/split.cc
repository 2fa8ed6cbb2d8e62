#include "patch/passes/split.h"
#include "patch/module_entry.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace suture::patch {
namespace {

using elf::SectionIndex;
using elf::SymbolIndex;

bool is_orc(std::string_view section) { return section.starts_with(".orc_"); }

bool has_symbol_kind(const elf::Symbol& symbol, bool code) {
  if (code) return symbol.type == STT_FUNC || symbol.type == STT_GNU_IFUNC;
  return symbol.type == STT_OBJECT || symbol.type == STT_TLS || symbol.type == STT_FUNC;
}

bool is_prefix_symbol(std::string_view name) { return name.starts_with("__pfx_") || name.starts_with("__cfi_"); }

// Of several symbols of a piece, which one it goes by: none of the padding before a function, one
// that has a size, not the alias that module_init() or module_exit() makes, a global one since only there
// is one of its name.
bool is_better_name(const elf::Symbol& symbol, const elf::Symbol& than) {
  const auto rank = [](const elf::Symbol& s) {
    return std::tuple(!is_prefix_symbol(s.name), s.size != 0, !is_entry_alias(s.name), !s.is_local());
  };
  return rank(symbol) > rank(than);
}

class Splitter {
 public:
  explicit Splitter(const elf::Object& object) : object_(object) {
    split_.program.object = &object;
    split_.by_section.resize(object.sections.size());
    split_.code.resize(object.sections.size());
    symbols_.resize(object.sections.size());
    for (SymbolIndex i = 1; i < object.symbols.size(); ++i) {
      const auto& symbol = object.symbols[i];
      if (symbol.is_defined() && !symbol.is_section() && symbol.type != STT_FILE) symbols_[symbol.section].push_back(i);
    }
  }

  Split run() {
    for (SectionIndex i = 1; i < object_.sections.size(); ++i) {
      const auto& section = object_.sections[i];
      if (!section.is_allocated() || is_ignored(section.name) || table_kind(section.name) != nullptr ||
          is_orc(section.name))
        continue;
      if (section.is_code()) split_.code[i] = decode(section.data);
      if (section.is_strings() && section.entry_size == 1 && section.type != SHT_NOBITS) {
        cut_strings(i);
      } else if ((section.flags & SHF_MERGE) != 0 && section.entry_size > 0 && section.size % section.entry_size == 0) {
        cut_evenly(i, section.entry_size);
      } else {
        cut_at_symbols(i);
      }
    }
    cut_symbol_less_code();
    for (auto& pieces : split_.by_section) {
      std::stable_sort(pieces.begin(), pieces.end(),
                       [&](PieceIndex a, PieceIndex b) { return piece(a).start < piece(b).start; });
    }
    find_parents();
    return std::move(split_);
  }

 private:
  Piece& piece(PieceIndex index) { return split_.program.pieces[index]; }

  void add(Piece piece) {
    split_.by_section[piece.section].push_back(static_cast<PieceIndex>(split_.program.pieces.size()));
    split_.program.pieces.push_back(std::move(piece));
  }

  void cut_strings(SectionIndex index) {
    const auto& section = object_.sections[index];
    std::uint64_t start = 0;
    while (start < section.size) {
      const auto nul = std::find(section.data.begin() + static_cast<std::ptrdiff_t>(start), section.data.end(), 0);
      const auto end =
          std::min<std::uint64_t>(static_cast<std::uint64_t>(nul - section.data.begin()) + 1, section.size);
      add({.kind = PieceKind::string, .name = section.name, .section = index, .start = start, .size = end - start});
      start = end;
    }
  }

  void cut_evenly(SectionIndex index, std::uint64_t size) {
    const auto& section = object_.sections[index];
    for (std::uint64_t start = 0; start < section.size; start += size) {
      add({.kind = PieceKind::constant, .name = section.name, .section = index, .start = start, .size = size});
    }
  }

  // Symbols that overlap (aliases, `__pfx_` before its function) make one piece. With one function
  // a section, the whole section is the piece: padding before the entry belongs to it.
  void cut_at_symbols(SectionIndex index) {
    const auto& section = object_.sections[index];
    auto& symbols = symbols_[index];
    std::stable_sort(symbols.begin(), symbols.end(),
                     [&](SymbolIndex a, SymbolIndex b) { return object_.symbols[a].value < object_.symbols[b].value; });
    std::vector<Piece> pieces;
    std::uint64_t end = 0;
    bool after_prefix = false;
    for (const auto i : symbols) {
      const auto& symbol = object_.symbols[i];
      if (!has_symbol_kind(symbol, section.is_code())) continue;
      const bool joins = !pieces.empty() && (symbol.value < end || after_prefix || symbol.value == pieces.back().start);
      if (!joins) {
        pieces.push_back({.kind = section.is_code() ? PieceKind::function : PieceKind::variable,
                          .name = symbol.name,
                          .section = index,
                          .start = symbol.value,
                          .symbol = i});
      }
      auto& current = pieces.back();
      end = std::max(end, symbol.value + symbol.size);
      current.size = end - current.start;
      current.symbols.push_back(i);
      if (is_better_name(symbol, object_.symbols[current.symbol])) {
        current.symbol = i;
        current.name = symbol.name;
      }
      after_prefix = is_prefix_symbol(symbol.name);
    }
    if (pieces.empty()) {
      if (!section.is_code())
        add({.kind = PieceKind::anonymous, .name = section.name, .section = index, .start = 0, .size = section.size});
      return;
    }
    if (pieces.size() == 1) {
      pieces.front().start = 0;
      pieces.front().size = section.size;
    } else if (!section.is_code()) {
      fill_gaps(index, pieces);
    }
    for (auto& cut : pieces) add(std::move(cut));
  }

  // Data between symbols that is not just padding: a table of unnamed entries, say.
  void fill_gaps(SectionIndex index, std::vector<Piece>& pieces) {
    const auto& section = object_.sections[index];
    const auto is_padding = [&](std::uint64_t from, std::uint64_t to) {
      if (!section.data.empty() &&
          !std::all_of(section.data.begin() + static_cast<std::ptrdiff_t>(from),
                       section.data.begin() + static_cast<std::ptrdiff_t>(to), [](auto b) { return b == 0; }))
        return false;
      return std::none_of(section.relocations.begin(), section.relocations.end(),
                          [&](const auto& r) { return r.offset >= from && r.offset < to; });
    };
    std::vector<Piece> gaps;
    std::uint64_t at = 0;
    const auto gap_until = [&](std::uint64_t next) {
      if (next > at && !is_padding(at, next))
        gaps.push_back(
            {.kind = PieceKind::anonymous, .name = section.name, .section = index, .start = at, .size = next - at});
    };
    for (const auto& piece : pieces) {
      gap_until(piece.start);
      at = std::max(at, piece.start + piece.size);
    }
    gap_until(section.size);
    std::move(gaps.begin(), gaps.end(), std::back_inserter(pieces));
  }

  // `.fixup`, `.altinstr_replacement` and `.altinstr_aux` are cut wherever something refers to.
  void cut_symbol_less_code() {
    std::vector<std::set<std::uint64_t>> cuts(object_.sections.size());
    for (SectionIndex i = 1; i < object_.sections.size(); ++i) {
      if (is_ignored(object_.sections[i].name) || is_orc(object_.sections[i].name)) continue;
      for (const auto& relocation : object_.sections[i].relocations) {
        const auto& symbol = object_.symbols[relocation.symbol];
        if (!symbol.is_defined() || symbol.section == i || !split_.by_section[symbol.section].empty()) continue;
        const auto& target = object_.sections[symbol.section];
        const auto offset = static_cast<std::int64_t>(symbol.value) + effective_addend(relocation, split_.code[i]);
        if (target.is_code() && offset >= 0 && static_cast<std::uint64_t>(offset) < target.size)
          cuts[symbol.section].insert(static_cast<std::uint64_t>(offset));
      }
    }
    for (SectionIndex i = 1; i < object_.sections.size(); ++i) {
      for (auto it = cuts[i].begin(); it != cuts[i].end(); ++it) {
        const auto end = std::next(it) == cuts[i].end() ? object_.sections[i].size : *std::next(it);
        add({.kind = PieceKind::code, .name = object_.sections[i].name, .section = i, .start = *it, .size = end - *it});
      }
    }
  }

  void find_parents() {
    auto& pieces = split_.program.pieces;
    std::map<std::string_view, PieceIndex> functions;
    for (PieceIndex i = 0; i < pieces.size(); ++i) {
      if (pieces[i].kind != PieceKind::function) continue;
      for (const auto symbol : pieces[i].symbols) functions.emplace(object_.symbols[symbol].name, i);
    }
    for (auto& part : pieces) {
      if (part.kind != PieceKind::function) continue;
      const auto cold = part.name.rfind(".cold");
      if (cold == std::string::npos || (part.name.size() > cold + 5 && part.name[cold + 5] != '.')) continue;
      const auto parent = functions.find(std::string_view(part.name).substr(0, cold));
      if (parent != functions.end()) part.parent = parent->second;
    }
  }

  const elf::Object& object_;
  std::vector<std::vector<SymbolIndex>> symbols_;  // of each section
  Split split_;
};

}  // namespace

PieceIndex Split::find(SectionIndex section, std::int64_t offset) const {
  const auto& pieces = by_section[section];
  if (pieces.empty()) return no_piece;
  const auto start_of = [&](PieceIndex index) { return static_cast<std::int64_t>(program.pieces[index].start); };
  auto after = std::upper_bound(pieces.begin(), pieces.end(), offset,
                                [&](std::int64_t at, PieceIndex index) { return at < start_of(index); });
  return after == pieces.begin() ? pieces.front() : *std::prev(after);
}

Split split_object(const elf::Object& object) { return Splitter(object).run(); }

}  // namespace suture::patch
