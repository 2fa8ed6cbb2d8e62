// Parts of a fix that the kernel's configuration leaves out: they change nothing, and nothing of them would be said.
#pragma once

#include <vector>

#include "builder/compile/compile.h"
#include "builder/sources/affected.h"

namespace suture::builder {

struct Uncompiled {
  std::vector<patch::Warning> warnings;  ///< "not-compiled", one for each part
  bool all = false;                      ///< there is nothing else in the fix
};

/// Looks between #if and #endif of the sources in `files`, which are in `tree` as well: a part is compiled if something
/// that is put there changes what the preprocessor leaves.
Result<Uncompiled> find_uncompiled(const Compiler& compiler, const Affected& affected,
                                   const std::vector<PatchedFile>& files, const std::vector<PatchedFile>& tree);

}  // namespace suture::builder
