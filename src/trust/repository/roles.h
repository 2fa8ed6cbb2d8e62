// The roles that targets delegates to, and what each may speak of: "linux-6.1" of "6.1/BUILD-ID/…", the levels of that
// series' kernels; "agent" of "agent/…", the releases of the agent itself. Nothing is spoken of by two.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::trust {

std::string role_of_series(std::string_view series);

/// Patterns for the delegation. Fails if it is not the name of such a role.
Result<std::vector<std::string>> paths_of_role(std::string_view role);

}  // namespace suture::trust
