// A file that only grows at its end, where what was appended is on the disk when append() returns.
#pragma once

#include <memory>

#include "base/file.h"

namespace suture {

class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Result<Bytes> read() = 0;
  /// After success all of `bytes` outlives a power loss. After failure, or if the host dies meanwhile,
  /// any part of them may be there.
  virtual Status append(ByteView bytes) = 0;
  /// Shortens the file to `size` bytes, durably.
  virtual Status cut(std::uint64_t size) = 0;
};

/// Created, durably and readable by its owner only, if it is not there.
Result<std::unique_ptr<AppendFile>> open_append_file(const fs::path& path);

}  // namespace suture
