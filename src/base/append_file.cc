#include "base/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/fd.h"

namespace suture {
namespace {

class PosixAppendFile : public AppendFile {
 public:
  PosixAppendFile(int fd, fs::path path) : fd_(fd), path_(std::move(path)) {}

  Result<Bytes> read() override { return read_file(path_); }

  Status append(ByteView bytes) override {
    if (!write_all(fd_.get(), bytes)) return failure("append to");
    if (::fdatasync(fd_.get()) != 0) return failure("sync");
    return {};
  }

  Status cut(std::uint64_t size) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return failure("cut");
    if (::fsync(fd_.get()) != 0) return failure("sync");
    return {};
  }

 private:
  tl::unexpected<Error> failure(std::string_view doing) const {
    return fail("{}: cannot {} it: {}", path_.string(), doing, std::strerror(errno));
  }

  Fd fd_;
  fs::path path_;
};

}  // namespace

Result<std::unique_ptr<AppendFile>> open_append_file(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail("{}: cannot open: {}", path.string(), std::strerror(errno));
  auto file = std::make_unique<PosixAppendFile>(fd, path);
  TRY(sync_parent(path));
  return file;
}

}  // namespace suture
