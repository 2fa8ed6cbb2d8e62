// Which objects of a kernel a fix may change: the sources that it names, and those that include a file
// that it names.
#pragma once

#include <string>
#include <vector>

#include "builder/fix/apply.h"
#include "builder/kbuild/kbuild.h"

namespace suture::builder {

struct Affected {
  /// Compiled from a file that the fix changes.
  std::vector<KbuildObject> changed;
  /// May include such a file; the compiler's list of what it has read decides.
  std::vector<KbuildObject> reached;
  /// Assembly, and code that is an image of its own (the vDSO), which may include such a file. Nothing
  /// of it can be patched, so it must come out as it was.
  std::vector<KbuildObject> fixed;
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;
};

/// `most_files`: how many sources may be reached, all in all, before the fix is refused.
Result<Affected> find_affected(const kit::Kit& kit, const std::vector<PatchedFile>& fix, std::size_t most_files);

}  // namespace suture::builder
