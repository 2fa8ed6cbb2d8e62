#include "patch/passes/extract.h"

#include <algorithm>
#include <array>
#include <set>

#include "patch/instructions.h"

namespace suture::patch {
namespace {

using elf::SectionIndex;
using elf::SymbolIndex;

class Extractor {
 public:
  Extractor(const Pair& pair, const Selection& selection)
      : pair_(pair), patched_(pair.patched), selection_(selection), placed_(pair.patched.pieces.size()) {
    delta_.source = pair.source;
  }

  Delta run() {
    for (PieceIndex i = 0; i < patched_.pieces.size(); ++i) {
      if (selection_.included[i]) place(i);
    }
    for (PieceIndex i = 0; i < patched_.pieces.size(); ++i) {
      if (selection_.included[i]) connect(i);
    }
    for (const auto& [function, why] : selection_.functions) {
      const auto original = pair_.correlation.original[function];
      const auto difference = selection_.differences.find(function);
      delta_.functions.push_back({.name = patched_.pieces[function].name,
                                  .why = why,
                                  .symbol = placed_[function].symbol,
                                  .difference = difference == selection_.differences.end() ? "" : difference->second,
                                  .original = why == Why::added ? "" : pair_.original.pieces[original].name,
                                  .original_symbol = why == Why::added ? 0 : pair_.original.pieces[original].symbol});
      auto& made = delta_.functions.back();
      made.moved = selection_.moved.contains(function);
      if (why != Why::added) made.global_names = global_names(pair_.original.pieces[original]);
      if (const auto through = selection_.through.find(function); through != selection_.through.end())
        made.through = through->second;
    }
    for (const auto gone : selection_.vanished) delta_.vanished.push_back(pair_.original.pieces[gone].name);
    for (SymbolIndex i = 1; i < delta_.object.symbols.size(); ++i) {
      if (delta_.object.symbols[i].section != SHN_UNDEF) continue;
      const auto original = original_of_[i];
      delta_.references.push_back({i, original == 0 ? "" : pair_.original.object->symbols[original].name, original});
    }
    find_namespaces();
    return std::move(delta_);
  }

 private:
  struct Place {
    SectionIndex section = 0;
    std::uint64_t start = 0;
    SymbolIndex symbol = 0;           // 0 for content: section symbol and start
    std::uint64_t symbol_offset = 0;  // of the symbol in the piece
  };

  std::vector<std::string> global_names(const Piece& function) const {
    std::vector<std::string> names;
    for (const auto i : function.symbols) {
      const auto& symbol = pair_.original.object->symbols[i];
      if (!symbol.is_local()) names.push_back(symbol.name);
    }
    return names;
  }

  SectionIndex section_like(const elf::Section& model) {
    const auto [it, is_new] = sections_.try_emplace(model.name, SectionIndex{0});
    if (is_new) {
      it->second = delta_.object.add(elf::Section{.name = model.name,
                                                  .type = model.type,
                                                  .flags = model.flags & ~std::uint64_t{SHF_LINK_ORDER},
                                                  .alignment = std::max<std::uint64_t>(model.alignment, 1),
                                                  .entry_size = model.entry_size});
    }
    return it->second;
  }

  std::uint64_t append(SectionIndex index, ByteView bytes, std::uint64_t size, std::uint64_t alignment) {
    auto& section = delta_.object.sections[index];
    const auto start = align_up(section.size, alignment);
    section.size = start + size;
    if (section.type != SHT_NOBITS) {
      section.data.resize(start, section.is_code() ? 0x90 : 0);
      section.data.insert(section.data.end(), bytes.begin(), bytes.end());
      section.data.resize(section.size, 0);
    }
    return start;
  }

  // include/linux/module.h: "import_ns=NAME" in .modinfo, behind "FILE." in what is built in.
  void find_namespaces() {
    for (const auto& section : patched_.object->sections) {
      if (section.name != ".modinfo") continue;
      auto rest = as_text(section.data);
      while (!rest.empty()) {
        const auto entry = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
        const auto key = entry.substr(0, entry.find('='));
        if (key.size() == entry.size() || (key != "import_ns" && !key.ends_with(".import_ns"))) continue;
        delta_.namespaces.emplace_back(entry.substr(key.size() + 1));
      }
    }
  }

  void place(PieceIndex index) {
    const auto& piece = patched_.pieces[index];
    const auto& model = patched_.section(piece);
    auto& at = placed_[index];
    at.section = section_like(model);
    const bool mergeable = piece.kind == PieceKind::string || piece.kind == PieceKind::constant;
    const auto bytes = patched_.bytes(piece);
    if (mergeable && piece.references.empty()) {
      const auto [it, is_new] = merged_.try_emplace({at.section, std::string(as_text(bytes))}, 0);
      if (is_new) it->second = append(at.section, bytes, piece.size, piece.kind == PieceKind::string ? 1 : piece.size);
      at.start = it->second;
      return;
    }
    const bool packed = piece.kind == PieceKind::code;  // alternatives and fixups follow one another
    at.start = append(at.section, bytes, piece.size, packed ? 1 : model.alignment);
    for (const auto& reference : piece.references) clear(at.section, at.start + reference.offset, reference.type);
    for (const auto i : piece.symbols) define(index, i);
  }

  void define(PieceIndex index, SymbolIndex old) {
    const auto& piece = patched_.pieces[index];
    auto& at = placed_[index];
    auto symbol = patched_.object->symbols[old];
    symbol.section = at.section;
    symbol.value = at.start + (symbol.value - piece.start);
    // Only what is new or has moved may be seen by other files; a replaced function is found by its klp_func.
    const auto function = selection_.functions.find(index);
    const bool is_replacement =
        function != selection_.functions.end() && function->second != Why::added && !selection_.moved.contains(index);
    if (is_replacement || piece.is_content() || piece.parent != no_piece) symbol.bind = STB_LOCAL;
    const auto made = delta_.object.add(symbol);
    if (old == piece.symbol) {
      at.symbol = made;
      at.symbol_offset = symbol.value - at.start;
    }
  }

  void clear(SectionIndex index, std::uint64_t offset, std::uint32_t type) {
    auto& section = delta_.object.sections[index];
    if (section.type == SHT_NOBITS) return;
    std::fill_n(section.data.begin() + static_cast<std::ptrdiff_t>(offset), relocation_size(type), std::uint8_t{0});
  }

  SymbolIndex section_symbol(SectionIndex section) {
    auto& symbol = section_symbols_[section];
    if (symbol == 0)
      symbol = delta_.object.add(elf::Symbol{.name = "", .section = section, .bind = STB_LOCAL, .type = STT_SECTION});
    return symbol;
  }

  // `original`: its symbol in the original object, which may define several of one name.
  SymbolIndex undefined(const std::string& name, SymbolIndex original) {
    auto& symbol = undefined_[{name, original}];
    if (symbol == 0) {
      symbol = delta_.object.add(elf::Symbol{.name = name, .section = SHN_UNDEF, .bind = STB_GLOBAL});
      original_of_[symbol] = original;
    }
    return symbol;
  }

  elf::Relocation relocation(PieceIndex from, const Reference& reference, std::uint64_t offset, bool in_table) {
    // Assemblers mark branches in this way only where they lead out of the object.
    const bool is_branch = reference.branch && reference.type == R_X86_64_PC32;
    elf::Relocation made{.offset = offset,
                         .type = is_branch ? std::uint32_t{R_X86_64_PLT32} : reference.type,
                         .addend = reference.target - reference.bias};
    switch (where(pair_, selection_, from, reference, in_table)) {
      case Leads::outside: {
        const auto& symbol = patched_.object->symbols[reference.external];
        made.symbol = symbol.section == SHN_ABS ? absolute(symbol) : undefined(symbol.name, 0);
        break;
      }
      case Leads::inside: {
        const auto& at = placed_[reference.piece];
        if (at.symbol != 0) {
          made.symbol = at.symbol;
          made.addend -= static_cast<std::int64_t>(at.symbol_offset);
        } else {
          made.symbol = section_symbol(at.section);
          made.addend += static_cast<std::int64_t>(at.start);
        }
        break;
      }
      case Leads::original: {
        const auto& original = pair_.original.pieces[pair_.correlation.original[reference.piece]];
        const auto& piece = patched_.pieces[reference.piece];
        made.symbol = undefined(original.name, original.symbol);
        made.addend -= static_cast<std::int64_t>(patched_.object->symbols[piece.symbol].value - piece.start);
        break;
      }
    }
    return made;
  }

  SymbolIndex absolute(const elf::Symbol& symbol) {
    auto& made = undefined_[{symbol.name, 0}];
    if (made == 0) made = delta_.object.add(symbol);
    return made;
  }

  void connect(PieceIndex index) {
    const auto& piece = patched_.pieces[index];
    const auto& at = placed_[index];
    if (!connected_.insert({at.section, at.start}).second && at.symbol == 0 && piece.kind != PieceKind::code) return;
    if (piece.fentry && piece.fentry->form == Fentry::Form::erased) restore_call(at, at.start + piece.fentry->place);
    for (const auto& reference : piece.references) {
      const auto made = relocation(index, reference, at.start + reference.offset, false);
      delta_.object.sections[at.section].relocations.push_back(made);
    }
    if (piece.kind != PieceKind::function && piece.kind != PieceKind::code) return;
    for (const auto& entry : piece.entries) {
      if (is_carried(pair_, entry)) add_entry(index, entry);
    }
    for (const auto& row : piece.orc) add_orc(at, row);
    if (piece.fentry) add_fentry(*piece.fentry, at);
  }

  void add_entry(PieceIndex owner, const TableEntry& entry) {
    const auto& model = patched_.object->sections[entry.section];
    const auto table = section_like(model);
    const auto start = append(table, patched_.bytes(entry), entry.size, 1);
    for (const auto& reference : entry.references) {
      clear(table, start + reference.offset, reference.type);
      const auto made = relocation(owner, reference, start + reference.offset, true);
      delta_.object.sections[table].relocations.push_back(made);
    }
  }

  void add_orc(const Place& at, const OrcRow& row) {
    const auto& object = *patched_.object;
    const auto places = section_like(object.sections[object.find_section(".orc_unwind_ip")]);
    const auto rows = section_like(object.sections[object.find_section(".orc_unwind")]);
    const auto start = append(places, Bytes(4, 0), 4, 1);
    const auto symbol = section_symbol(at.section);
    delta_.object.sections[places].relocations.push_back({.offset = start,
                                                          .type = R_X86_64_PC32,
                                                          .symbol = symbol,
                                                          .addend = static_cast<std::int64_t>(at.start + row.offset)});
    append(rows, row.data, row.data.size(), 1);
  }

  // The table that ftrace reads (scripts/recordmcount.h, objtool --mcount): the place of each call.
  void add_fentry(const Fentry& fentry, const Place& at) {
    const auto table = section_like(elf::Section{.name = "__mcount_loc", .flags = SHF_ALLOC, .alignment = 8});
    const auto start = append(table, Bytes(8, 0), 8, 8);
    delta_.object.sections[table].relocations.push_back(
        {.offset = start,
         .type = R_X86_64_64,
         .symbol = at.symbol,
         .addend = static_cast<std::int64_t>(fentry.place) - static_cast<std::int64_t>(at.symbol_offset)});
  }

  void restore_call(const Place& at, std::uint64_t place) {
    auto& section = delta_.object.sections[at.section];
    constexpr std::array<std::uint8_t, 5> call{0xe8, 0, 0, 0, 0};
    std::copy(call.begin(), call.end(), section.data.begin() + static_cast<std::ptrdiff_t>(place));
    section.relocations.push_back(
        {.offset = place + 1, .type = R_X86_64_PC32, .symbol = undefined("__fentry__", 0), .addend = -4});
  }

  const Pair& pair_;
  const Program& patched_;
  const Selection& selection_;
  Delta delta_;
  std::vector<Place> placed_;
  std::map<std::string, SectionIndex> sections_;
  std::map<std::pair<SectionIndex, std::string>, std::uint64_t> merged_;
  std::map<SectionIndex, SymbolIndex> section_symbols_;
  std::map<std::pair<std::string, SymbolIndex>, SymbolIndex> undefined_;
  std::map<SymbolIndex, SymbolIndex> original_of_;  // undefined symbol -> the original object's, or 0
  std::set<std::pair<SectionIndex, std::uint64_t>> connected_;
};

}  // namespace

Delta extract(const Pair& pair, const Selection& selection) { return Extractor(pair, selection).run(); }

}  // namespace suture::patch
