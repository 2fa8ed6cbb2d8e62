#pragma once

#include <unistd.h>

#include <utility>

namespace suture {

/// A file descriptor that is closed with the object.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  /// As close(2): 0, or -1 with errno.
  int close() { return ::close(std::exchange(fd_, -1)); }
  /// Gives up ownership.
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace suture
