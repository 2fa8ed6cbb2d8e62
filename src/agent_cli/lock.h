#pragma once

#include "base/file.h"

namespace suture::agent_cli {

/// One agent at work on a host. Never waits: if there is another one, the error names its process.
class Lock {
 public:
  static Result<Lock> take(const fs::path& path);
  Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Lock& operator=(Lock&&) = delete;
  Lock(const Lock&) = delete;
  ~Lock();

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace suture::agent_cli
