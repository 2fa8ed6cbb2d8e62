#include "cli/agent_releases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace suture::cli {

void print_agent_releases(const trust::AgentIndex& index) {
  fmt::print("agent{}\n", index.floor == 0 ? "" : fmt::format("  floor {}", index.floor));
  for (const auto& release : index.releases) {
    std::vector<std::string> packages;
    for (const auto& each : release.packages) packages.push_back(fmt::format("{} {}", each.name, each.architecture));
    fmt::print("  release {:<3} {}  {}\n", release.release, release.version, fmt::join(packages, ", "));
  }
}

}  // namespace suture::cli
