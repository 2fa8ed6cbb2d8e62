// Files: whole reads, all-or-nothing writes, temporary directories, and locks between processes.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/result.h"

namespace suture {

namespace fs = std::filesystem;

Result<Bytes> read_file(const fs::path& path);
Result<std::string> read_text(const fs::path& path);
/// At most `limit` bytes of a file that strangers put there; nothing if there is none. Links, devices, and
/// pipes on which reading might never end, are refused.
Result<std::optional<Bytes>> read_plain_file(const fs::path& path, std::uint64_t limit);

/// Whether a write waits for the disk. Without, a power loss may leave an empty or old file: for
/// scratch files, and caches that check what they read.
enum class Sync { yes, no };

/// After success `path` holds exactly `bytes`; after failure (full disk, killed) it is as before, or, where only its
/// directory could not be synced, as after success.
/// Writes beside it, syncs, renames.
Status write_file(const fs::path& path, ByteView bytes, Sync sync = Sync::yes);
Status write_text(const fs::path& path, std::string_view text, Sync sync = Sync::yes);

Status make_directories(const fs::path& path);
Status copy_file(const fs::path& from, const fs::path& to);
Status remove_tree(const fs::path& path);

/// A directory that is removed with the object. Made below $TMPDIR, or below `parent` if given.
class TempDir {
 public:
  static Result<TempDir> make(const std::optional<fs::path>& parent = std::nullopt);
  TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TempDir& operator=(TempDir&& other) noexcept;
  TempDir(const TempDir&) = delete;
  ~TempDir();

  const fs::path& path() const { return path_; }
  /// Gives up ownership, for a directory that was renamed into place.
  fs::path release() { return std::exchange(path_, {}); }

 private:
  explicit TempDir(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

/// All of it; false with errno if it cannot be.
bool write_all(int fd, ByteView bytes);
/// A name that was changed in a directory outlives a power loss only after this.
Status sync_parent(const fs::path& path);

/// An exclusive lock between processes, held while the object lives. Waits for its turn.
class FileLock {
 public:
  static Result<FileLock> take(const fs::path& path);

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace suture
