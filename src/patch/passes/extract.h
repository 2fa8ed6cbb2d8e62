// Cuts the selected pieces out of the patched object into one of their own.
#pragma once

#include "patch/delta.h"
#include "patch/passes/select.h"

namespace suture::patch {

/// After this: the delta's object refers to nothing that is not in it except through undefined
/// symbols, each of which is listed with what it stands for; fields of relocations are zero.
Delta extract(const Pair& pair, const Selection& selection);

}  // namespace suture::patch
