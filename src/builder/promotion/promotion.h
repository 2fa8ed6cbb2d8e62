// Promotion across files and objects: replacing the callers of functions that nothing can redirect,
// wherever in the kernel these callers are. patch/passes/promote.h says when that is needed, why it is
// safe, and does it within a file. Here is what it takes beyond:
//
// 1. The shipped image and the modules that import such a function say who uses it (patch/callers).
//    What that is, is a place in machine code: a function of vmlinux by its address, or of a module.
// 2. The source's text says which files may define that function (definitions.h). They are compiled; the
//    one whose code lies where the user is, is the right one (code match).
// 3. The passes run over it, told what has moved elsewhere, and choose the callers. One that cannot be
//    redirected has moved too, and we begin anew with it.
//
// Every use is accounted for: in the end its function is replaced, or the fix is refused.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "base/progress.h"
#include "builder/compare/code_match.h"
#include "builder/compile/compile.h"
#include "builder/shipped.h"
#include "kit/kit.h"

namespace suture::builder {

struct PromotionRequest {
  const kit::Kit& kit;
  const Compiler& compiler;
  const std::vector<PatchedFile>& fix;
  ShippedFiles& shipped;
  std::set<std::string> accepted;      ///< as patch::Unit::accepted
  std::size_t max_files;               ///< that may be compiled in search of callers
  std::deque<ChangedSource>& sources;  ///< whose objects the fix changes; those of callers are added
};

struct PromotionResult {
  std::vector<patch::Refusal> refusals;
  std::vector<patch::Warning> warnings;  ///< besides those that the units' deltas had before
  double slowest_compile = 0;
};

/// After this: every caller of a function that has moved, in vmlinux and in every shipped module, is
/// replaced in one of `units`, to which those of further sources are added; or there is a refusal. Their
/// deltas come from passes that were told of no moved functions, at first.
Result<PromotionResult> promote_callers(const PromotionRequest& request, std::vector<Unit>& units, Progress& progress);

}  // namespace suture::builder
