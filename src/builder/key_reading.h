// Modules' static keys in a live patch.
//
// Where code tests a static key, it holds a nop or a jump, and the kernel rewrites that when the key is
// switched. It learns of such places from the live patch's jump table, when the live patch is loaded; a
// key that a module owns may not be there yet. So code that uses one is compiled once more, against an
// <asm/jump_label.h> with which it reads the key and jumps by itself.
//
// That header is the kernel's own with two words changed, so that to GCC each statement looks as it did:
// as many lines, the same operands. Then GCC decides all else as it did, too; that this is so is not
// taken for granted but compared, instruction by instruction.
#pragma once

#include "builder/compile.h"
#include "builder/shipped.h"
#include "patch/diff.h"

namespace suture::builder {

struct UnitDelta {
  patch::Delta delta;
  double slowest_compile = 0;  ///< seconds, of what had to be compiled to read keys; 0 when all came from the cache
};

/// patch::diff(), in which tests of a module's keys are reads where that can be done; else it refuses them.
/// `how`: the way in which `unit` was compiled, with and without `fix`.
Result<UnitDelta> diff_unit(const Compiler& compiler, const KbuildObject& how, const std::vector<PatchedFile>& fix,
                            ShippedFiles& shipped, patch::Unit unit);

}  // namespace suture::builder
