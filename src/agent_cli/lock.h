#pragma once

#include "base/file.h"

namespace suture::agent_cli {

/// One agent at work on a host. Never waits: if there is another one, the error names its process.
class Lock {
 public:
  static Result<Lock> take(const fs::path& path);

 private:
  explicit Lock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace suture::agent_cli
