#include "repository/leftovers.h"

#include <string_view>
#include <vector>

namespace suture::repository {

void remove_leftovers(const fs::path& directory) {
  constexpr std::size_t random = 7;  // ".XXXXXX"
  std::error_code ignored;
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const auto name = entry.path().filename().string();
    if (name.size() <= random || name[name.size() - random] != '.') continue;
    const auto finished = std::string_view(name).substr(0, name.size() - random);
    if (finished.ends_with(".json") || finished.ends_with(".tar")) leftovers.push_back(entry.path());
  }
  for (const auto& each : leftovers) fs::remove(each, ignored);
}

}  // namespace suture::repository
