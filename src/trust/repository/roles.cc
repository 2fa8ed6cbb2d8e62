#include "trust/repository/roles.h"

#include "trust/agent/agent_index.h"
#include "trust/level/manifest.h"

namespace suture::trust {
namespace {

constexpr std::string_view series_prefix = "linux-";

}  // namespace

std::string role_of_series(std::string_view series) { return fmt::format("{}{}", series_prefix, series); }

Result<std::vector<std::string>> paths_of_role(std::string_view role) {
  if (role == agent_role) return std::vector<std::string>{"agent/*", "agent/*/*"};
  if (role.starts_with(series_prefix)) {
    const auto series = role.substr(series_prefix.size());
    // Nothing else: "linux-agent" would speak of programs.
    if (is_series(series)) return std::vector<std::string>{fmt::format("{}/*/*", series)};
  }
  return fail(Error(fmt::format("'{}' is no role of a repository", role))
                  .advise("there are root, targets, snapshot, timestamp, agent, and for a kernel series linux-6.1"));
}

}  // namespace suture::trust
