// What roles' files are called.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace suture::trust::tuf {

inline constexpr std::array<std::string_view, 4> top_level_roles{"root", "timestamp", "snapshot", "targets"};

inline bool is_top_level(std::string_view role) {
  return std::find(top_level_roles.begin(), top_level_roles.end(), role) != top_level_roles.end();
}

/// "targets.json". Delegated roles are named by strangers: what could mean something in a path or a URL
/// is percent-encoded, as tuf-js and python-tuf do.
std::string file_name(std::string_view role);
/// "7.targets.json", as consistent snapshots have it.
std::string file_name(std::string_view role, std::int64_t version);

/// "dir/HASH.file" for "dir/file": where a target lies in a repository with consistent snapshots.
std::string target_file_name(std::string_view target_path, std::string_view hash);

}  // namespace suture::trust::tuf
