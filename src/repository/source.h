// Where the files of a repository come from. What a source says is believed only after it was verified.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/file.h"

namespace suture::repository {

class Source {
 public:
  virtual ~Source() = default;
  /// The file at `path` below the repository ("metadata/2.root.json", "targets/6.1/…"), or nothing if the
  /// repository says that it does not have it. Of a longer file, a byte more than `most` is read, and given,
  /// so that it is seen to be too long.
  virtual Result<std::optional<Bytes>> fetch(const std::string& path, std::uint64_t most) = 0;
  /// For messages: the directory, file or address.
  virtual std::string name() const = 0;
};

/// A directory with metadata/ and targets/ in it. Others may write there while it is read.
Result<std::unique_ptr<Source>> directory_source(const fs::path& directory);

}  // namespace suture::repository
