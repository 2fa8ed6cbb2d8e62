// Compiles everything that a fix may change, with and without it.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "base/progress.h"
#include "builder/compile/compile.h"
#include "builder/sources/affected.h"
#include "elf/object.h"

namespace suture::builder {

/// A source whose object differs with the fix.
struct ChangedSource {
  KbuildObject how;
  elf::Object original, patched;       ///< with one section a function
  std::optional<elf::Object> shipped;  ///< the original as the distribution compiled it; see compile_as_shipped()
};

struct SourceComparison {
  std::deque<ChangedSource> changed;  ///< those that the fix names first
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;  ///< of the compiler's, of what the fix makes of `changed`
  std::size_t compared = 0;              ///< compiled with the fix too
  double slowest_compile = 0;            ///< seconds; 0 when all came from the cache
};

/// Sources that only include what the fix changes are compiled if it is not all the same to the compiler, once the
/// preprocessor has been there.
/// `shipped` is there for those that the fix names, which nearly always change. A change in
/// Affected::fixed is refused.
Result<SourceComparison> compare_sources(const Compiler& compiler, const Affected& affected,
                                         const std::vector<PatchedFile>& fix, Progress& progress);

/// Sets `shipped` where it is missing. Returns the seconds of the slowest compile.
Result<double> compile_as_shipped(const Compiler& compiler, const std::vector<ChangedSource*>& sources);

}  // namespace suture::builder
