#pragma once

#include <string>
#include <vector>

#include "builder/fix/apply.h"
#include "builder/fix/fix.h"

namespace suture::builder {

/// A source diff that was read.
struct ReadFix {
  Fix fix;
  std::string digest;  ///< SHA-256 of the diff
};

/// Fixes, ready to be compiled as one.
struct PreparedFixes {
  std::vector<ReadFix> fixes;      ///< in the order in which they were given
  std::vector<PatchedFile> files;  ///< what they change; see AppliedFix. Unchanged lines keep their numbers.
  std::vector<PatchedFile> tree;   ///< the same, and <suture.h> if it is wanted: what differs in the kernel's tree
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;
};

/// Reads the diffs and applies them, one on top of the other, to copies of the kernel's files.
Result<PreparedFixes> prepare_fixes(const std::vector<fs::path>& diffs, const fs::path& source);

}  // namespace suture::builder
