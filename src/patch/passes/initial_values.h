// Changed initial values that could be written into the kernel while it runs: those of which all that
// changed lies in one aligned word, so that a reader has the old value or the new one and nothing
// between. What says so is only the place and the size; whether code can bear the change of a value that
// it has read before is for the author to judge.
#pragma once

#include <optional>

#include "patch/delta.h"
#include "patch/passes/compare.h"
#include "patch/passes/select.h"

namespace suture::patch {

/// Of a variable that both programs have, and whose value differs. Nothing if the change does not fit into
/// a word, or the variable or what it would point to has no name at the end of the source file.
std::optional<InitialValue> find_initial_value(const Pair& pair, const Comparison& comparison, PieceIndex original,
                                               PieceIndex patched);

}  // namespace suture::patch
