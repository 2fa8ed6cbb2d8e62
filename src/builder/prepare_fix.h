#pragma once

#include <string>
#include <vector>

#include "builder/apply.h"
#include "builder/fix.h"

namespace suture::builder {

/// A fix, ready to be compiled.
struct PreparedFix {
  Fix fix;
  std::string digest;              ///< SHA-256 of the diff
  std::vector<PatchedFile> files;  ///< what it changes; see AppliedFix. Unchanged lines keep their numbers.
  std::vector<PatchedFile> tree;   ///< the same, and <suture.h> if it is wanted: what differs in the kernel's tree
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;
};

/// Reads the diff and applies it to copies of the kernel's files.
Result<PreparedFix> prepare_fix(const fs::path& diff, const fs::path& source);

}  // namespace suture::builder
