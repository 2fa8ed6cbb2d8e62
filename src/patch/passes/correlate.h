// Which piece of the patched program is which piece of the original one.
//
// Functions and file-scope variables go by name. Static locals do not: GCC numbers them
// ("count.3") in the order in which it meets them, so that one more in front shifts all the rest,
// and their true name is the function they stand in, which inlining blurs. They go by who refers
// to them: in two functions that are each other's counterpart, the references to variables of one
// base name are aligned in order, and every such pair is a vote.
//
// A wrong pair is worse than none: code that takes a new variable for the old one reads the wrong
// memory; code that takes an old one for new loses its state. Where votes are missing or contradict
// each other, the variable is reported ambiguous.
#pragma once

#include <vector>

#include "patch/passes/program.h"

namespace suture::patch {

struct Correlation {
  std::vector<PieceIndex> original;   ///< by patched piece; no_piece: new
  std::vector<PieceIndex> patched;    ///< by original piece; no_piece: gone
  std::vector<PieceIndex> ambiguous;  ///< patched variables that may or may not be an original one

  void pair(PieceIndex in_original, PieceIndex in_patched) {
    original[in_patched] = in_original;
    patched[in_original] = in_patched;
  }
};

/// After this: pieces with an identity (not is_content()) are paired or new.
Correlation correlate(const Program& original, const Program& patched);

/// Statics that macros leave behind (WARN_ONCE, lockdep keys, pr_debug, rate limits): a fresh copy
/// does no more harm than one more warning.
bool is_expendable(std::string_view base);

}  // namespace suture::patch
