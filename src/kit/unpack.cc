#include "kit/unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_set>
#include <vector>

namespace suture::kit {
namespace {

tl::unexpected<Error> system_error(const fs::path& path, std::string_view doing) {
  const int code = errno;
  auto error = Error(fmt::format("{}: cannot {}: {}", path.string(), doing, std::strerror(code)));
  if (code == ENOSPC) return fail(std::move(error).advise("Free some room, or point SUTURE_CACHE to a larger disk."));
  return fail(std::move(error));
}

// Whether a symlink at `path` to `target` stays inside, read as text. That suffices if no other
// symlink lies on the way, which make_links() sees to for the part above `path`; and a target that
// itself leads through a link is only ever read.
bool stays_inside(std::string_view path, std::string_view target) {
  if (target.empty() || target.front() == '/') return false;
  auto depth = std::count(path.begin(), path.end(), '/');
  for (const auto& part : fs::path(target)) {
    if (part == "..") {
      if (--depth < 0) return false;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
  }
  return true;
}

class Tree {
 public:
  explicit Tree(const fs::path& root) : root_(root) {}

  Status directory(std::string_view path) {
    if (path.empty() || made_.contains(std::string(path))) return {};
    const auto slash = path.rfind('/');
    if (slash != std::string_view::npos) TRY(directory(path.substr(0, slash)));
    const auto full = root_ / path;
    if (::mkdir(full.c_str(), 0777) != 0 && !(errno == EEXIST && fs::is_directory(fs::symlink_status(full))))
      return system_error(full, "create the directory");
    made_.emplace(path);
    return {};
  }

  Status parents_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? Status() : directory(path.substr(0, slash));
  }

  Status file(const std::string& path, bool executable, Archive& content) {
    TRY(parents_of(path));
    const auto full = root_ / path;
    const int fd = ::open(full.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0777 : 0666);
    if (fd < 0) return system_error(full, "create");
    auto written = fill(fd, full, content);
    if (::close(fd) != 0 && written) written = system_error(full, "write");
    return written;
  }

  Status link(const std::string& path, const std::string& target) {
    if (!stays_inside(path, target)) return fail("{}: is a symlink to {}, out of the archive", path, target);
    links_.emplace_back(path, target);
    return {};
  }

  Status make_links() {
    for (const auto& [path, target] : links_) TRY(parents_of(path));
    for (const auto& [path, target] : links_) {
      const auto full = root_ / path;
      if (::symlink(target.c_str(), full.c_str()) != 0) return system_error(full, "create the symlink");
    }
    return {};
  }

 private:
  static Status fill(int fd, const fs::path& path, Archive& content) {
    while (true) {
      auto bytes = TRY(content.read());
      if (bytes.empty()) return {};
      while (!bytes.empty()) {
        const auto count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error(path, "write");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
      }
    }
  }

  fs::path root_;
  std::unordered_set<std::string> made_;
  std::vector<std::pair<std::string, std::string>> links_;
};

}  // namespace

Status unpack(Archive& archive, const fs::path& into, const Placement& place, const ReadSoFar& so_far) {
  Tree tree(into);
  std::size_t reported = 0;
  while (const auto entry = TRY(archive.next())) {
    const auto path = place(entry->path);
    if (!path) continue;
    switch (entry->kind) {
      case ArchiveEntry::Kind::directory:
        TRY(tree.directory(*path));
        break;
      case ArchiveEntry::Kind::file:
        TRY(tree.file(*path, entry->executable, archive));
        break;
      case ArchiveEntry::Kind::symlink:
        TRY(tree.link(*path, entry->target));
        break;
    }
    constexpr std::size_t step = 1 << 20;
    if (so_far && archive.position() >= reported + step) so_far(reported = archive.position(), archive.size());
  }
  return tree.make_links();
}

}  // namespace suture::kit
