// Compiling once more what a live patch carries, against a header of ours in place of the kernel's
// (patch/passes/overlay.h says why).
#pragma once

#include <optional>
#include <vector>

#include "builder/compile/compile.h"
#include "elf/object.h"

namespace suture::builder {

struct Overlaid {
  elf::Object object;
  double seconds = 0;  ///< what compiling took; 0 from the cache
};

/// The source with the fix, sectioned, reading variables where vmlinux has runtime constants. None if
/// the kernel's source has no such constants, or the fix changes how they are made.
Result<std::optional<Overlaid>> compile_overlaid(const Compiler& compiler, const KbuildObject& how,
                                                 const std::vector<PatchedFile>& fix);

}  // namespace suture::builder
