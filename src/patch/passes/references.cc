#include <algorithm>
#include <set>

#include "patch/passes/split.h"

namespace suture::patch {
namespace {

using elf::SectionIndex;

class Resolver {
 public:
  Resolver(Split& split, const EntrySizes& sizes)
      : split_(split), program_(split.program), object_(*program_.object), sizes_(sizes) {}

  Status run() {
    note_mcount_places();
    for (SectionIndex i = 1; i < object_.sections.size(); ++i) {
      const auto& section = object_.sections[i];
      if (!split_.by_section[i].empty()) {
        TRY(resolve_pieces(i));
      } else if (const auto* kind = table_kind(section.name); kind != nullptr && section.is_allocated()) {
        TRY(hang_table(i, *kind));
      } else if (section.name == ".orc_unwind_ip") {
        TRY(hang_orc(i));
      }
    }
    return {};
  }

 private:
  Result<Reference> resolve(SectionIndex section, const elf::Relocation& relocation, std::uint64_t origin) const {
    const auto& code = split_.code[section];
    const auto& symbol = object_.symbols[relocation.symbol];
    const auto effective = effective_addend(relocation, code);
    Reference reference{
        .offset = relocation.offset - origin, .type = relocation.type, .bias = effective - relocation.addend};
    if (const auto* instruction = code.empty() ? nullptr : find_instruction(code, relocation.offset)) {
      reference.branch = instruction->immediate.holds(relocation.offset) &&
                         (instruction->is_branch() || instruction->flow == Flow::call);
    }
    if (symbol.is_defined()) {
      const auto at = static_cast<std::int64_t>(symbol.value) + effective;
      // A named symbol means its own piece, however far the addend leads; a section symbol means
      // whatever lies there.
      reference.piece = split_.find(symbol.section, symbol.is_section() ? at : static_cast<std::int64_t>(symbol.value));
      if (reference.piece != no_piece)
        reference.target = at - static_cast<std::int64_t>(program_.pieces[reference.piece].start);
    }
    if (reference.piece == no_piece) {
      if (symbol.name.empty()) {
        return fail("{}+{:#x}: refers to {}, which is no code or data of a kernel", object_.sections[section].name,
                    relocation.offset, object_.sections[symbol.section].name);
      }
      reference.external = relocation.symbol;
      reference.target = effective;
    }
    return reference;
  }

  Status resolve_pieces(SectionIndex index) {
    const auto& section = object_.sections[index];
    for (const auto& relocation : section.relocations) {
      const auto owner = split_.find(index, static_cast<std::int64_t>(relocation.offset));
      auto& piece = program_.pieces[owner];
      if (relocation.offset < piece.start || relocation.offset >= piece.start + piece.size) continue;  // padding
      if (relocation.type == R_X86_64_NONE || relocation.type == R_X86_64_PC32 || relocation.type == R_X86_64_PLT32)
        note_fentry(piece, index, relocation);
      if (relocation.type == R_X86_64_NONE) continue;  // a call that was taken out
      if (relocation_size(relocation.type) == 0)
        return fail("{}+{:#x}: relocation type {} is not known", section.name, relocation.offset, relocation.type);
      if (relocation.offset + relocation_size(relocation.type) > piece.start + piece.size)
        return fail("{}+{:#x}: the relocated field reaches beyond {}", section.name, relocation.offset, piece.name);
      const auto reference = TRY(resolve(index, relocation, piece.start));
      piece.references.push_back(reference);
    }
    if (section.is_code()) read_code(index);
    return {};
  }

  // Branches inside a section need no relocation; where they leave their piece they become
  // references, so that the pieces can part.
  void read_code(SectionIndex index) {
    const auto& section = object_.sections[index];
    for (const auto owner : split_.by_section[index]) {
      auto& piece = program_.pieces[owner];
      for (const auto& reference : piece.references) {
        if (reference.branch) note_leaving(owner, index, reference);
      }
      const auto& code = split_.code[index];
      auto it = std::lower_bound(code.begin(), code.end(), piece.start,
                                 [](const Instruction& i, std::uint64_t at) { return i.offset < at; });
      for (; it != code.end() && it->offset < piece.start + piece.size; ++it) {
        if (it->flow == Flow::leave || (it->flow == Flow::jump && !it->branch_target))
          program_.pieces[whole(program_, owner)].returns = true;
        if (!it->branch_target || it->immediate.size == 0 || is_relocated(section, it->immediate)) continue;
        const auto target = *it->branch_target;
        if (target >= piece.start && target < piece.start + piece.size) continue;
        if (target >= section.size) continue;
        const auto other = split_.find(index, static_cast<std::int64_t>(target));
        Reference reference{
            .offset = it->immediate.offset - piece.start,
            .type = it->immediate.size == 4 ? std::uint32_t{R_X86_64_PC32} : std::uint32_t{R_X86_64_PC8},
            .piece = other,
            .target = static_cast<std::int64_t>(target - program_.pieces[other].start),
            .bias = it->immediate.size,
            .branch = true,
            .implicit = true};
        note_leaving(owner, index, reference);
        piece.references.push_back(reference);
      }
      std::stable_sort(piece.references.begin(), piece.references.end(),
                       [](const auto& a, const auto& b) { return a.offset < b.offset; });
    }
  }

  // A jump to another function is how this one returns; one to its own `.cold` part is not.
  void note_leaving(PieceIndex owner, SectionIndex section, const Reference& reference) {
    auto& piece = program_.pieces[owner];
    const auto* instruction = find_instruction(split_.code[section], piece.start + reference.offset);
    if (instruction == nullptr || !instruction->is_branch()) return;
    const bool own = reference.piece != no_piece && whole(program_, reference.piece) == whole(program_, owner);
    if (!own) program_.pieces[whole(program_, owner)].returns = true;
  }

  void note_mcount_places() {
    for (const auto& section : object_.sections) {
      if (section.name != "__mcount_loc") continue;
      for (const auto& relocation : section.relocations) {
        const auto& symbol = object_.symbols[relocation.symbol];
        if (symbol.is_defined())
          mcount_places_.insert({symbol.section, symbol.value + static_cast<std::uint64_t>(relocation.addend)});
      }
    }
  }

  void note_fentry(Piece& piece, SectionIndex section, const elf::Relocation& relocation) const {
    if (piece.symbol == 0 || object_.symbols[relocation.symbol].name != "__fentry__") return;
    const auto& code = object_.sections[section];
    const auto entry = piece.start + program_.entry_offset(piece);
    constexpr std::uint64_t endbr = 4;
    if (relocation.offset < entry + 1 || relocation.offset > entry + endbr + 1) return;
    if (relocation.offset + 4 > code.data.size()) return;
    const auto place = relocation.offset - 1;
    auto form = Fentry::Form::call;
    if (relocation.type == R_X86_64_NONE)
      form = mcount_places_.contains({section, place}) ? Fentry::Form::nop : Fentry::Form::erased;
    piece.fentry = Fentry{.place = place - piece.start, .form = form};
  }

  static bool is_relocated(const elf::Section& section, const Field& field) {
    const auto it = std::lower_bound(section.relocations.begin(), section.relocations.end(), field.offset,
                                     [](const auto& r, std::uint64_t at) { return r.offset < at; });
    return it != section.relocations.end() && it->offset < field.offset + field.size;
  }

  Status hang_table(SectionIndex index, const TableKind& kind) {
    const auto& section = object_.sections[index];
    if (section.size == 0) return {};
    if (section.data.empty()) return fail("{}: has no content", section.name);
    const auto size = TRY(entry_size(object_, section, kind, sizes_));
    auto relocation = section.relocations.begin();
    for (std::uint64_t offset = 0; offset < section.size; offset += size) {
      TableEntry entry{.section = index, .offset = offset, .size = size};
      PieceIndex owner = no_piece;
      for (; relocation != section.relocations.end() && relocation->offset < offset + size; ++relocation) {
        if (relocation->offset + relocation_size(relocation->type) > offset + size)
          return fail("{}+{:#x}: the relocated field reaches beyond its entry", section.name, relocation->offset);
        const auto reference = TRY(resolve(index, *relocation, offset));
        entry.references.push_back(reference);
        if (relocation->offset == offset + kind.owner_field) owner = entry.references.back().piece;
      }
      if (owner == no_piece) return fail("{}: entry at {:#x} speaks of no code in this object", section.name, offset);
      program_.pieces[owner].entries.push_back(std::move(entry));
    }
    return {};
  }

  // arch/x86/include/asm/orc_types.h: `.orc_unwind_ip` holds places, `.orc_unwind` the rows for them.
  Status hang_orc(SectionIndex index) {
    const auto& places = object_.sections[index];
    const auto rows_index = object_.find_section(".orc_unwind");
    const auto count = places.size / 4;
    if (count == 0) return {};
    if (rows_index == 0) return fail(".orc_unwind_ip: there is no .orc_unwind beside it");
    const auto& rows = object_.sections[rows_index];
    if (places.relocations.size() != count || rows.data.size() % count != 0) {
      return fail(".orc_unwind_ip: {} places, {} relocations and {} bytes of rows do not go together", count,
                  places.relocations.size(), rows.data.size());
    }
    const auto row_size = rows.data.size() / count;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& symbol = object_.symbols[places.relocations[i].symbol];
      if (!symbol.is_defined()) return fail(".orc_unwind_ip+{:#x}: names no code in this object", i * 4);
      const auto at = static_cast<std::int64_t>(symbol.value) + places.relocations[i].addend;
      const auto owner = split_.find(symbol.section, at);
      if (owner == no_piece) continue;
      auto& piece = program_.pieces[owner];
      const auto offset = at - static_cast<std::int64_t>(piece.start);
      if (offset < 0 || static_cast<std::uint64_t>(offset) > piece.size) continue;
      piece.orc.push_back(
          {.offset = static_cast<std::uint64_t>(offset), .data = ByteView(rows.data).subspan(i * row_size, row_size)});
    }
    return {};
  }

  Split& split_;
  Program& program_;
  const elf::Object& object_;
  const EntrySizes& sizes_;
  std::set<std::pair<SectionIndex, std::uint64_t>> mcount_places_;
};

}  // namespace

Status resolve_references(Split& split, const EntrySizes& sizes) { return Resolver(split, sizes).run(); }

}  // namespace suture::patch
