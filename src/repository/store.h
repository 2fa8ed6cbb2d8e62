// What a client of a repository keeps on disk, below one directory that only it may write to:
//
//   trusted.tar                  the metadata that is trusted, and the floor of time
//   pinned.json                  the lowest versions of metadata that are taken, where somebody said so
//   kept/BUILD-ID/level-N.tar    a verified level, with the metadata that proves it, and when
//   kept/BUILD-ID/kernel.tar     the same of the kernel's index
//
// Each file appears whole or not at all, so that a client that is killed at any point finds the state
// before or after. What is kept can be verified again without a repository, when its metadata has
// expired since: that shows damage and mix-ups. Against somebody who may write to the directory it
// protects no more than anything else would.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "repository/versions.h"
#include "trust/level/kernel_index.h"
#include "trust/level/level.h"
#include "trust/tuf/client.h"

namespace suture::repository {

/// A level whose every byte was verified. Moving it keeps what looks into it.
struct VerifiedLevel {
  Bytes archive;  ///< what level.files look into
  trust::Level level;
  trust::tuf::Time verified{};  ///< the trusted time at which its metadata was good
  std::string sha256;           ///< of the target in the repository

  VerifiedLevel() = default;
  VerifiedLevel(VerifiedLevel&&) = default;
  VerifiedLevel& operator=(VerifiedLevel&&) = default;
  VerifiedLevel(const VerifiedLevel&) = delete;
};

/// The trusted metadata at one time.
struct Trusted {
  trust::tuf::Files files;
  trust::tuf::Time floor{};  ///< no time before this is believed
};

class Store {
 public:
  /// `first_root` is the root.json that came with the package or the configuration; it is read again at each
  /// update, and begun with if it is newer than what is trusted.
  Store(fs::path directory, fs::path first_root)
      : directory_(std::move(directory)), first_root_(std::move(first_root)) {}

  /// The levels that are kept for a kernel, ascending. Nothing of them is read.
  std::vector<std::uint32_t> kept_levels(std::string_view build_id) const;
  /// Verifies a kept level again, at the time at which it was verified first.
  Result<VerifiedLevel> kept_level(std::string_view release, std::string_view build_id, std::uint32_t level) const;
  /// The index as it was seen last, or nothing if none was seen yet.
  Result<std::optional<trust::KernelIndex>> kept_index(std::string_view release, std::string_view build_id) const;
  Status forget_level(std::string_view build_id, std::uint32_t level) const;

  /// Lowest versions of metadata that this client takes from now on, beside what it has seen itself.
  Status pin(const Versions& versions) const;
  Result<Versions> pinned() const;
  /// Of the metadata that is trusted now.
  Result<Versions> versions() const;

  // For Update, which holds the lock.
  Result<FileLock> lock() const;
  Result<Trusted> load() const;
  Status save(const Trusted& trusted) const;
  /// `name`: "level-1" or "kernel".
  Status keep(std::string_view build_id, const std::string& name, const Trusted& proof, ByteView target) const;

 private:
  fs::path kept_file(std::string_view build_id, const std::string& name) const;

  fs::path directory_, first_root_;
};

/// A target that is as it is described, and of this build-id, or why it is not.
Result<VerifiedLevel> read_verified_level(Bytes target, const trust::tuf::TargetFile& described,
                                          std::string_view release, std::string_view build_id, std::uint32_t level,
                                          const std::string& name);
Result<trust::KernelIndex> read_verified_index(ByteView target, std::string_view release, std::string_view build_id,
                                               const std::string& name);

}  // namespace suture::repository
