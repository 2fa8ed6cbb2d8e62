// A program is an object file taken apart into pieces: the smallest things that a live patch can
// carry or leave. A function is a piece, and so is a variable, a string, a constant, and each run
// of symbol-less code that something refers to (exception fixups, alternatives). What the kernel
// keeps about code in tables of its own (`.altinstructions`, `__bug_table`, …) hangs on the piece
// that each entry speaks of.
//
// References name a piece and a byte in it, whatever form the assembler gave them: relocations
// against section symbols, with addends that count from the end of an instruction, and branches
// inside a section that have no relocation at all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "elf/object.h"
#include "patch/passes/tables.h"

namespace suture::patch {

using PieceIndex = std::uint32_t;
constexpr PieceIndex no_piece = UINT32_MAX;

struct Reference {
  std::uint64_t offset = 0;       ///< of the field, in the piece or table entry that holds it
  std::uint32_t type = 0;         ///< R_X86_64_*
  PieceIndex piece = no_piece;    ///< what is meant, if the object defines it
  elf::SymbolIndex external = 0;  ///< else the undefined (or absolute) symbol
  std::int64_t target = 0;        ///< the byte meant, from the start of the piece or symbol
  std::int64_t bias = 0;          ///< addend = target - bias: the distance from field to end of instruction
  bool branch = false;            ///< operand of a call or jump
  bool implicit = false;          ///< a branch without relocation, within a section
};

struct TableEntry {
  elf::SectionIndex section = 0;
  std::uint64_t offset = 0;  ///< in the section
  std::uint64_t size = 0;    ///< the section may end before, by what would only align a next entry
  std::vector<Reference> references = {};
};

/// One row of ORC: from this byte of the piece on, unwind like this.
struct OrcRow {
  std::uint64_t offset = 0;
  ByteView data = {};
};

/// The call to __fentry__ that a function begins with (after ENDBR), where ftrace redirects it.
struct Fentry {
  enum class Form {
    call,
    nop,     ///< objtool made it one, and noted its place: such a kernel expects it so (CC_USING_NOP_MCOUNT)
    erased,  ///< recordmcount made it one, not knowing the section's name: it must become a call again
  };
  std::uint64_t place = 0;  ///< of the instruction, in the piece
  Form form = Form::call;
};

enum class PieceKind {
  function,
  code,  ///< symbol-less code: `.fixup`, `.altinstr_replacement`, `.altinstr_aux`
  variable,
  anonymous,  ///< symbol-less data
  string,
  constant,
};

struct Piece {
  PieceKind kind = PieceKind::variable;
  std::string name;  ///< of the primary symbol; of the section for symbol-less pieces
  elf::SectionIndex section = 0;
  std::uint64_t start = 0;  ///< in the section
  std::uint64_t size = 0;
  elf::SymbolIndex symbol = 0;                 ///< primary symbol, 0 for symbol-less pieces
  std::vector<elf::SymbolIndex> symbols = {};  ///< all that lie in the piece, aliases and `__pfx_` too
  PieceIndex parent = no_piece;                ///< of a `.cold` part: the function it was split from
  std::vector<Reference> references = {};
  std::vector<TableEntry> entries = {};
  std::vector<OrcRow> orc = {};
  std::optional<Fentry> fentry = {};
  bool returns = false;  ///< holds a return or a jump to another function

  /// Pieces that have no identity of their own: equal content is the same thing.
  bool is_content() const;
};

struct Program {
  const elf::Object* object = nullptr;
  std::vector<Piece> pieces;

  const elf::Section& section(const Piece& piece) const { return object->sections[piece.section]; }
  ByteView bytes(const Piece& piece) const;
  ByteView bytes(const TableEntry& entry) const;
  std::uint64_t entry_offset(const Piece& function) const;  ///< where its primary symbol lies in the piece
};

/// The function that a piece belongs to: the parent of a `.cold` part, else itself.
PieceIndex whole(const Program& program, PieceIndex piece);

/// Takes `object` apart. It must outlive the program. `name` is what errors call the file.
Result<Program> make_program(const elf::Object& object, const EntrySizes& sizes, std::string_view name);

/// "count.3" -> "count", "foo.isra.0" -> "foo.isra", "__UNIQUE_ID_ddebug12.4" -> "__UNIQUE_ID_ddebug":
/// a name without the numbers that a compiler gave it.
std::string base_name(std::string_view name);

/// The same of a static local, without the function that Clang puts in front: "probe.__key" -> "__key".
std::string_view local_name(std::string_view base);

}  // namespace suture::patch
