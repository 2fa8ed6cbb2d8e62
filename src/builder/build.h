// From a fix to a live patch for one kernel.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/progress.h"
#include "base/result.h"
#include "builder/report.h"
#include "kit/kit.h"

namespace suture::builder {

struct SigningKey {
  fs::path key, certificate;  ///< PEM
};

struct BuildRequest {
  std::vector<fs::path> fixes;  ///< at least one; they become one cumulative live patch
  kit::Kit kit;
  fs::path output;                     ///< a directory; made if it is not there
  std::string name = {};               ///< of the module; from the file name of the only fix if empty
  std::vector<std::string> cves = {};  ///< besides those that the fix names
  std::optional<SigningKey> signing = {};
  std::set<std::string> accepted = {};  ///< refusal codes that become the warning "unfixed"; see patch/passes/accept.h
  std::size_t max_files = 200;          ///< that may include a file which the fix changes, or be compiled in
                                        ///< search of callers; above, the fix is refused
  /// Where the pairs of objects that differ are written too, for other tools: a_b.c.original.o and
  /// a_b.c.patched.o of a/b.c. Nowhere if empty.
  fs::path objects = {};
};

/// Writes NAME.report.json into the output directory, and, if the outcome is "built", NAME.ko.
/// Each appears whole or not at all, the report last. A fix that is refused or changes nothing is an
/// outcome; an error is what kept us from knowing. No module is written that the verifier rejects.
Result<BuildReport> build(const BuildRequest& request, Progress& progress);

}  // namespace suture::builder
