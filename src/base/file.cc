#include "base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace suture {
namespace {

// Far above anything that is read whole: an unpacked kernel has 80 MB.
constexpr std::uint64_t largest_file = std::uint64_t{1} << 30;

tl::unexpected<Error> system_error(const fs::path& path, std::string_view doing) {
  return fail("{}: cannot {}: {}", path.string(), doing, std::strerror(errno));
}

}  // namespace

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

Status sync_parent(const fs::path& path) {
  const auto directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return system_error(directory, "open");
  if (::fsync(fd.get()) != 0 && errno != EINVAL) return system_error(directory, "sync");
  return {};
}

Result<Bytes> read_file(const fs::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return system_error(path, "open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error(path, "stat");
  if (S_ISDIR(status.st_mode)) return fail("{}: is a directory, a file was expected", path.string());
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))  // a device may never end
    return fail("{}: is no file but a device", path.string());
  const auto too_large = [&] {
    return fail("{}: is larger than the {} bytes that are read", path.string(), largest_file);
  };
  if (static_cast<std::uint64_t>(status.st_size) > largest_file) return too_large();
  Bytes bytes;
  constexpr std::size_t chunk = 1 << 16;
  // The last byte's room tells that the file has ended. Files of /proc have no size, and some give all at once.
  bytes.reserve(status.st_size == 0 ? chunk : static_cast<std::size_t>(status.st_size) + 1);
  while (true) {
    const auto old_size = bytes.size();
    bytes.resize(old_size < bytes.capacity() ? bytes.capacity() : old_size + chunk);
    const auto count = ::read(fd.get(), bytes.data() + old_size, bytes.size() - old_size);
    bytes.resize(old_size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, "read");
    if (count == 0) return bytes;
    if (bytes.size() > largest_file) return too_large();
  }
}

Result<std::optional<Bytes>> read_plain_file(const fs::path& path, std::uint64_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd.get() < 0 && errno == ENOENT) return std::nullopt;
  if (fd.get() < 0) return system_error(path, "open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error(path, "stat");
  if (!S_ISREG(status.st_mode)) return fail("{}: is no plain file", path.string());
  Bytes bytes(std::min(limit, static_cast<std::uint64_t>(status.st_size)));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto count = ::read(fd.get(), bytes.data() + have, bytes.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, "read");
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

Result<std::string> read_text(const fs::path& path) {
  const auto bytes = TRY(read_file(path));
  return std::string(as_text(bytes));
}

Status write_file(const fs::path& path, ByteView bytes, Sync sync) {
  auto temporary = path.string() + ".XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return system_error(path, "create a file beside it");
  auto written = [&]() -> Status {
    if (!write_all(fd.get(), bytes)) return system_error(path, "write");
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(fd.get(), 0666 & ~mask) != 0) return system_error(path, "set the mode");
    if (sync == Sync::yes && ::fsync(fd.get()) != 0) return system_error(path, "sync");
    if (fd.close() != 0) return system_error(path, "close");
    if (::rename(temporary.c_str(), path.c_str()) != 0) return system_error(path, "rename into place");
    return sync == Sync::yes ? sync_parent(path) : Status{};
  }();
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Status write_text(const fs::path& path, std::string_view text, Sync sync) {
  return write_file(path, as_bytes(text), sync);
}

Status make_directories(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return fail("{}: cannot create the directory: {}", path.string(), code.message());
  return {};
}

Status copy_file(const fs::path& from, const fs::path& to) {
  const auto bytes = TRY(read_file(from));
  return write_file(to, bytes);
}

Status remove_tree(const fs::path& path) {
  std::error_code code;
  fs::remove_all(path, code);
  if (code) return fail("{}: cannot remove: {}", path.string(), code.message());
  return {};
}

Result<TempDir> TempDir::make(const std::optional<fs::path>& parent) {
  std::error_code code;
  const auto below = parent ? *parent : fs::temp_directory_path(code);
  if (code) return fail("no temporary directory: {}", code.message());
  auto name = (below / "suture.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return system_error(below, "create a temporary directory");
  return TempDir(name);
}

TempDir& TempDir::operator=(TempDir&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<FileLock> FileLock::take(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!fd) return system_error(path, "open the lock");
  while (::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return system_error(path, "lock");
  }
  return FileLock(std::move(fd));
}

}  // namespace suture
