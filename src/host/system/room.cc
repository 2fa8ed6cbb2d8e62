#include "host/system/room.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <limits>

namespace suture::host {

Result<Room> room_at(const Root& root, std::string_view absolute) {
  struct statvfs status {};
  for (std::string_view at = absolute;;) {
    if (::statvfs(root.path(at).c_str(), &status) == 0) break;
    const int code = errno;
    const auto slash = at.rfind('/');
    if (code != ENOENT || slash == std::string_view::npos || at.empty())
      return fail("{}: cannot tell the room there: {}", absolute, std::strerror(code));
    at = at.substr(0, slash);
  }
  Room room;
  room.free_bytes = status.f_bavail * status.f_frsize;
  room.total_bytes = status.f_blocks * status.f_frsize;
  room.free_files = status.f_files == 0 ? std::numeric_limits<std::uint64_t>::max() : status.f_favail;
  room.read_only = (status.f_flag & ST_RDONLY) != 0;
  return room;
}

}  // namespace suture::host
