#include "base/shared_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace suture {

Result<SharedBytes> SharedBytes::map(const fs::path& path) {
  const auto failed = [&](std::string_view doing) {
    return fail("{}: cannot {}: {}", path.string(), doing, std::strerror(errno));
  };
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return failed("open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return failed("stat");
  if (!S_ISREG(status.st_mode)) return fail("{}: is no regular file", path.string());
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return SharedBytes(Bytes{});
  auto* place = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd.get(), 0);
  if (place == MAP_FAILED) return failed("map");
  const std::shared_ptr<const void> holder(place,
                                           [size](const void* held) { ::munmap(const_cast<void*>(held), size); });
  return SharedBytes(holder, {static_cast<const std::uint8_t*>(place), size});
}

}  // namespace suture
