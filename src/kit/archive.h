// Archives, read as streams: a .deb is an ar archive that holds a tarball, and linux-source's tarball
// holds the kernel's. An archive can be opened on the current entry of another one, so 1.4 GB of
// source are unpacked from a 139 MB package without anything in between on the disk or in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/file.h"

namespace suture::kit {

struct ArchiveEntry {
  enum class Kind { file, directory, symlink };
  std::string path;  ///< relative; no "." or ".." and no empty parts
  Kind kind = Kind::file;
  bool executable = false;
  std::string target = {};  ///< of a symlink
};

/// Bytes come from whoever made the file: every error is a Result that names the archive, the entry
/// and, for the outermost file, the place in it.
class Archive {
 public:
  enum class Format {
    ar,   ///< as .deb files
    tar,  ///< plain, or compressed with gzip, bzip2, xz or zstd
  };

  static Result<Archive> open(const fs::path& path, Format format);
  /// Reads the current entry of `outer`, which outlives this and is not moved on meanwhile.
  static Result<Archive> open(const Archive& outer, Format format);

  Archive(Archive&&) noexcept;
  ~Archive();

  /// The next entry, or nothing after the last. Then the whole archive has been read and the
  /// compressor's checksums were right. An entry whose path is absolute or has "..", a device and a
  /// hard link are errors.
  Result<std::optional<ArchiveEntry>> next();

  /// The next part of the entry's content; empty at its end. Valid until the next call.
  Result<ByteView> read();

  /// How many bytes of the outermost file have been read, and how many it has.
  std::size_t position() const;
  std::size_t size() const;

 private:
  struct State;
  explicit Archive(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace suture::kit
