// A draft as a directory, which is carried to whoever signs:
//
//   metadata.tar                     the live metadata, and what is staged above it
//   targets/6.1/BUILD-ID/HASH.NAME   new targets, and the indexes of all kernels
//   targets/agent/HASH.index.json    the index of the agent's releases; new packages below it
//
// The directory changes from one whole state to the next: targets have their hashes in their names, and
// metadata.tar is replaced last.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "repository/source.h"
#include "trust/agent/agent_index.h"
#include "trust/level/kernel_index.h"
#include "trust/repository/draft.h"

namespace suture::publishing {

/// The newest metadata that a repository with consistent snapshots serves.
Result<trust::tuf::Files> read_live(repository::Source& source);

class DraftDirectory {
 public:
  /// Waits until nobody else works on it. Fails if it is not there.
  static Result<DraftDirectory> open(const fs::path& path, trust::tuf::Time now);
  /// As open(); a directory that is not there yet becomes an empty draft.
  static Result<DraftDirectory> open_or_make(const fs::path& path, trust::tuf::Time now);

  /// Begins anew from what a repository serves. Fails if something is staged, unless that is to be lost.
  Status begin_from(const fs::path& repository, bool discard);

  trust::Draft& draft() { return draft_; }
  const trust::Draft& draft() const { return draft_; }
  const trust::tuf::Files& live() const { return live_; }
  trust::tuf::Files staged() const { return draft_.staged(); }
  const fs::path& path() const { return path_; }

  /// All kernels' indexes, as they are staged or live.
  Result<std::vector<trust::KernelIndex>> indexes() const;
  /// By release or build-id of vmlinux; nothing if there is none. Fails if the release means several.
  Result<std::optional<trust::KernelIndex>> index(std::string_view kernel) const;
  Status set_index(const trust::KernelIndex& index);
  /// The agent's releases, as they are staged or live; none if there are none.
  Result<trust::AgentIndex> agent_index() const;
  Status set_agent_index(const trust::AgentIndex& index);
  /// Fails if nobody may sign for the role (trust::Draft::delegate).
  Status add_target(const std::string& role, const std::string& path, ByteView content);
  /// The target's bytes, checked, or nothing if the draft does not have them.
  Result<std::optional<Bytes>> target(const std::string& path, const trust::tuf::TargetFile& described) const;
  /// All targets that the delegated roles speak of.
  Result<std::map<std::string, trust::tuf::TargetFile>> targets() const;
  /// That what is about to be signed is what its hash says.
  Status check_targets() const;

  Status save() const;
  /// After it went live: `live` is what is served now; nothing is staged.
  Status published(trust::tuf::Files live);

 private:
  DraftDirectory(fs::path path, trust::tuf::Time now, FileLock lock, trust::tuf::Files live, trust::Draft draft)
      : path_(std::move(path)), now_(now), lock_(std::move(lock)), live_(std::move(live)), draft_(std::move(draft)) {}
  Status remove_unused_targets() const;

  fs::path path_;
  trust::tuf::Time now_;
  FileLock lock_;
  trust::tuf::Files live_;
  trust::Draft draft_;
};

}  // namespace suture::publishing
