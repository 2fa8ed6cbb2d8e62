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

#include <optional>

#include "builder/compare/diff_unit.h"

namespace suture::builder {

/// diff_unit(), in which tests of a module's keys are reads. None if the changed code, `delta`, tests no
/// such key, or if reading would change more than that, so that the tests stay refused.
Result<std::optional<UnitDelta>> diff_reading_keys(const Compiler& compiler, const KbuildObject& how,
                                                   const std::vector<PatchedFile>& fix, ShippedFiles& shipped,
                                                   patch::Unit unit, const patch::Delta& delta);

}  // namespace suture::builder
