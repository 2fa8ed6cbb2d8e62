// The kernel's log as it comes, from /dev/kmsg (Documentation/ABI/testing/dev-kmsg).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "host/root.h"

namespace suture::host {

struct LogRecord {
  std::uint64_t sequence = 0;
  std::uint64_t microseconds = 0;  ///< since boot
  int level = 0;                   ///< include/linux/kern_levels.h: 0 is the worst, 4 a warning, 6 information
  bool from_kernel = false;        ///< false: user space wrote it; the kernel lets nobody else pretend
  std::string text;                ///< printable; other characters are '?'
};

/// The records in what one or more reads of /dev/kmsg gave; lines that are none are left out.
std::vector<LogRecord> parse_kmsg(std::string_view text);

class KernelLog {
 public:
  /// Begins with the record of this number, or what is left after it; without a number, with the next one
  /// that the kernel writes.
  static Result<KernelLog> open(const Root& root, std::optional<std::uint64_t> from = std::nullopt);

  /// What is new, at most `most` records. Never waits.
  Result<std::vector<LogRecord>> read(std::size_t most = 1000);
  /// The number of the record that comes next, for another open(); 0 if none was seen yet.
  std::uint64_t next() const { return next_; }
  /// How many records were overwritten before they were read.
  std::uint64_t lost() const { return lost_; }
  /// For poll(2): readable when there is something new.
  int fd() const { return fd_.get(); }

 private:
  explicit KernelLog(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
  std::uint64_t from_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t lost_ = 0;
  bool begun_ = false;
};

}  // namespace suture::host
