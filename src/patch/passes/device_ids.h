// Lists of hardware ids (MODULE_DEVICE_TABLE). The driver that is registered points to its list, which
// cannot grow; what a fix adds to it only takes effect for hardware that is looked for later. So an
// added id is no obstacle for the rest of a fix: the driver goes on without it.
#pragma once

#include <string>

#include "patch/passes/compare.h"
#include "patch/passes/select.h"

namespace suture::patch {

/// The list's name in the source if a patched piece is one, else empty.
std::string device_ids_name(const Program& patched, PieceIndex piece);

/// Whether all rows of the original list are in the patched one, in their order, and others besides.
bool only_adds_ids(const Pair& pair, const Comparison& comparison, PieceIndex original, PieceIndex patched);

}  // namespace suture::patch
