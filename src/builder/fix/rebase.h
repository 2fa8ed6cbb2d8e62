// Whether a fix that was made for one kernel fits another one, and what of it moved.
#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "builder/report.h"

namespace suture::builder {

struct RebasedFile {
  std::string path;
  /// "unchanged": both kernels have the same text of the file; "in place": it differs, but the fix
  /// applies where it was; "moved": hunks apply elsewhere or with other context, see `moved`;
  /// "already applied"; "does not apply".
  std::string state;
  std::vector<std::string> moved;  ///< what GNU patch said of each hunk that moved
};
BOOST_DESCRIBE_STRUCT(RebasedFile, (), (path, state, moved))

struct RebaseReport {
  std::string outcome;  ///< "applies", "already applied", "refused"
  std::string fix;
  std::vector<RebasedFile> files;
  std::vector<patch::Refusal> refusals;
  std::string diff;  ///< the fix against the second kernel's source; empty unless it applies
};
BOOST_DESCRIBE_STRUCT(RebaseReport, (), (outcome, fix, files, refusals, diff))

/// `from` and `to` are source trees. Fails if the fix does not fit `from`, which it is said to be for.
Result<RebaseReport> rebase(const fs::path& fix, const fs::path& from, const fs::path& to);

}  // namespace suture::builder
