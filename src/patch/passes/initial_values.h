// Changed initial values that could be written into the kernel while it runs: those of which all that
// changed lies in one aligned word, or in pointers, which are read one by one, so that a reader has the old
// value or the new one and nothing between. What says so is only the place and the size; whether code can
// bear the change of a value that it has read before is for the author to judge.
#pragma once

#include <vector>

#include "patch/delta.h"
#include "patch/passes/compare.h"
#include "patch/passes/select.h"

namespace suture::patch {

/// Of a variable that both programs have, and whose value differs; in order of place. Nothing if the change is
/// neither within a word nor of pointers alone, or the variable or what it would point to has no name at the end of
/// the source file.
std::vector<InitialValue> find_initial_values(const Pair& pair, const Comparison& comparison, PieceIndex original,
                                              PieceIndex patched);

}  // namespace suture::patch
