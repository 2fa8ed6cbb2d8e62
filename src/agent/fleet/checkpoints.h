// Checkpoints of the audit of this host's server, which come with each answer to a report. They are kept here so that
// whoever rewrites the audit there cannot do so unseen: the latest, one a day for a year, and what contradicts them.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "trust/decision/checkpoint.h"

namespace suture::agent {

/// A checkpoint that cannot be of the same audit as one that was kept before.
struct AuditConflict {
  std::int64_t at = 0;        ///< when it came; seconds since 1970
  std::string reason{};       ///< in words
  std::string kept, shown{};  ///< the two documents
};

class Checkpoints {
 public:
  /// `directory` is the fleet's.
  explicit Checkpoints(const fs::path& directory) : directory_(directory / "checkpoints") {}

  /// Keeps one whose signature was verified; `document` is its text. Returns in words how it contradicts what was kept
  /// before, the first time that it does; empty otherwise.
  Result<std::string> take(const trust::AuditCheckpoint& shown, std::string_view document, trust::tuf::Time now) const;

  /// Those that were kept, as they were signed.
  Result<std::vector<std::string>> documents() const;
  /// The first sixteen; what comes after them is of another audit anyway.
  Result<std::vector<AuditConflict>> conflicts() const;

 private:
  fs::path latest() const { return directory_ / "latest.json"; }
  fs::path conflicts_file() const { return directory_ / "conflicts.json"; }
  Result<std::vector<fs::path>> days() const;
  Status keep(std::string_view document, trust::tuf::Time now) const;
  Result<bool> keep_conflict(AuditConflict conflict) const;

  fs::path directory_;
};

}  // namespace suture::agent
