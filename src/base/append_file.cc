#include "base/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace suture {
namespace {

class PosixAppendFile : public AppendFile {
 public:
  PosixAppendFile(int fd, fs::path path) : fd_(fd), path_(std::move(path)) {}
  PosixAppendFile(const PosixAppendFile&) = delete;
  PosixAppendFile& operator=(const PosixAppendFile&) = delete;
  ~PosixAppendFile() override { ::close(fd_); }

  Result<Bytes> read() override { return read_file(path_); }

  Status append(ByteView bytes) override {
    while (!bytes.empty()) {
      const auto written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failure("append to");
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (::fdatasync(fd_) != 0) return failure("sync");
    return {};
  }

  Status cut(std::uint64_t size) override {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failure("cut");
    if (::fsync(fd_) != 0) return failure("sync");
    return {};
  }

 private:
  tl::unexpected<Error> failure(std::string_view doing) const {
    return fail("{}: cannot {} it: {}", path_.string(), doing, std::strerror(errno));
  }

  int fd_;
  fs::path path_;
};

Status sync_directory(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fail("{}: cannot open: {}", path.string(), std::strerror(errno));
  const bool synced = ::fsync(fd) == 0;
  const int reason = errno;
  ::close(fd);
  if (!synced) return fail("{}: cannot sync: {}", path.string(), std::strerror(reason));
  return {};
}

}  // namespace

Result<std::unique_ptr<AppendFile>> open_append_file(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail("{}: cannot open: {}", path.string(), std::strerror(errno));
  auto file = std::make_unique<PosixAppendFile>(fd, path);
  TRY(sync_directory(path.has_parent_path() ? path.parent_path() : fs::path(".")));
  return file;
}

}  // namespace suture
