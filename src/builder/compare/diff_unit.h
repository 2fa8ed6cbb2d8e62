// The passes over one source, and over what has to be compiled once more for them, since a live patch
// cannot carry some of what the kernel's own code does: constants that the kernel fills in at boot
// (overlay.h), and tests of modules' static keys (key_reading.h).
#pragma once

#include <vector>

#include "builder/compile/compile.h"
#include "builder/shipped.h"
#include "patch/diff.h"

namespace suture::builder {

struct UnitDelta {
  patch::Delta delta;
  double slowest_compile = 0;  ///< seconds, of what was compiled once more; 0 when all came from the cache
};

/// patch::diff(). `how`: the way in which `unit` was compiled, with and without `fix`.
Result<UnitDelta> diff_unit(const Compiler& compiler, const KbuildObject& how, const std::vector<PatchedFile>& fix,
                            ShippedFiles& shipped, patch::Unit unit);

}  // namespace suture::builder
