// How make_program() works, in two steps: cut sections into pieces, then say which piece each
// relocation means.
#pragma once

#include <vector>

#include "patch/instructions.h"
#include "patch/passes/program.h"

namespace suture::patch {

struct Split {
  Program program;
  /// Pieces of each section, by start.
  std::vector<std::vector<PieceIndex>> by_section;
  /// The code of each code section, counted from the section's start.
  std::vector<std::vector<Instruction>> code;

  /// The piece that holds the byte; at a gap or beyond the end, the nearest before (or after) it.
  PieceIndex find(elf::SectionIndex section, std::int64_t offset) const;
};

/// After this: every byte of interest lies in exactly one piece; no piece has references yet.
Split split_object(const elf::Object& object);

/// After this: every piece has its references, table entries and ORC rows.
Status resolve_references(Split& split, const EntrySizes& sizes);

}  // namespace suture::patch
