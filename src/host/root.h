// Where a host begins: everything below src/host reads and writes below a Root, which is "/" in life and
// a recorded tree in tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture::host {

class Root {
 public:
  explicit Root(fs::path directory = "/") : directory_(std::move(directory)) {}

  /// `absolute` as the host names it: "/proc/stat".
  fs::path path(std::string_view absolute) const;
  bool has(std::string_view absolute) const;

  /// A whole file, at most `most` bytes (more is an error). Never waits: a pipe in place of a file reads as
  /// empty. Errors name the file and the system's reason.
  Result<std::string> text(std::string_view absolute, std::size_t most = std::size_t{16} << 20) const;
  /// The first bytes of a file, at most `most`.
  Result<std::string> head(std::string_view absolute, std::size_t most) const;
  /// A whole file without white space at its end.
  Result<std::string> line(std::string_view absolute) const;
  /// The file holds one number, decimal or with 0x, and white space.
  Result<std::int64_t> number(std::string_view absolute) const;
  /// "0", "1", "N", "Y".
  Result<bool> flag(std::string_view absolute) const;
  /// What a symbolic link says.
  Result<std::string> link(std::string_view absolute) const;
  /// What a directory holds, sorted, without "." and "..".
  Result<std::vector<std::string>> names(std::string_view absolute) const;

  /// Writes to a file of the kernel, which must exist, in one write(2): sysfs and /proc/sys take a value
  /// whole or not at all.
  Status write(std::string_view absolute, std::string_view text) const;

 private:
  fs::path directory_;
};

}  // namespace suture::host
