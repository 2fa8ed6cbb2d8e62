// What a fix changes of who takes which lock. While the transition runs, old and new code run side by side.
#pragma once

#include <string>
#include <vector>

#include "patch/passes/select.h"

namespace suture::patch {

/// How the calls of `patched`, a function with its parts, to lock, unlock and RCU functions differ from those of
/// `original`, a line for each: their number, the lock where it is a symbol, and otherwise their order, as the code
/// lies. Locks that are taken inline (bit_spin_lock(), a seqcount) have no call, and are not seen.
std::vector<std::string> lock_changes(const Pair& pair, PieceIndex original, PieceIndex patched);

}  // namespace suture::patch
