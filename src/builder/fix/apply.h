#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "builder/fix/fix.h"
#include "patch/refusal.h"

namespace suture::builder {

/// A C file of the kernel before and after the fix.
struct PatchedFile {
  std::string path;  ///< relative to the source tree
  std::string original;
  std::string patched;
  bool created = false;  ///< the fix adds it; `original` is empty
};

/// Code files only, each once, in the order of the fixes. Files that are no part of an x86 kernel are
/// left out; those of other architectures are named in the warnings.
struct AppliedFix {
  std::vector<PatchedFile> files;
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;  ///< "moved-hunk": it applied elsewhere, or with other context
};

/// Applies the fixes, one on top of the other, to copies of the files that they name, in a temporary
/// directory, with GNU patch: first exactly, then with its usual tolerance for changed context.
/// `source` is only read. Sets the paths of the fixes. What cannot be applied is a refusal; what we
/// cannot do is an error.
Result<AppliedFix> apply_fixes(std::vector<Fix>& fixes, const fs::path& source);

}  // namespace suture::builder
