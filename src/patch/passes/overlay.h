// Code that a live patch cannot carry as it was compiled, because it holds what only vmlinux has filled
// in: constants that the kernel writes into its own code at boot, once (runtime constants). A copy in a
// module would hold the placeholder for ever; where that stands for the end of user space, anything
// passes for a user's pointer.
//
// So the fixed source is compiled once more, against headers that read the variable instead (an
// overlay, builder/compile/overlay.h). What changed is told by the builds without: these are what is compared
// with the kernel. What is carried is cut from the build with the overlay.
#pragma once

#include <vector>

#include "patch/passes/select.h"

namespace suture::patch {

/// A refusal for each function of the selection that holds such a constant.
std::vector<Refusal> refuse_runtime_constants(const Pair& pair, const Selection& selection);

/// A refusal for each changed function of which the build with the overlay, pair.patched, has none to
/// carry: the compiler inlined it there.
std::vector<Refusal> refuse_lost(const Pair& pair, const KnownChanges& known);

}  // namespace suture::patch
