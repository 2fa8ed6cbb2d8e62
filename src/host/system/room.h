#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string_view>

#include "host/root.h"

namespace suture::host {

struct Room {
  std::uint64_t free_bytes = 0;  ///< that we may use
  std::uint64_t total_bytes = 0;
  std::uint64_t free_files = 0;  ///< inodes; the highest number if the file system has no limit
  bool read_only = false;
};
BOOST_DESCRIBE_STRUCT(Room, (), (free_bytes, total_bytes, free_files, read_only))

/// Of the file system that holds `absolute`, or the nearest directory above it that is there (statvfs(3)).
Result<Room> room_at(const Root& root, std::string_view absolute);

}  // namespace suture::host
