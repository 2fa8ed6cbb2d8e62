// Fixes and kernels: which hosts have what, which are without, and where nothing has been built.
#pragma once

#include <string>

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/outcome.h"
#include "server/domain/policy/policies.h"
#include "server/domain/store.h"

namespace suture::server {

/// As api/openapi.yaml has it: Catalogue.
Outcome<std::string> view_catalogue(Store& store, Catalogue& catalogue, Policies& policies, Time now);

/// Notes when each level was first seen: deadlines count from there.
Status note_seen_levels(Store& store, const Offers& offers, Time now);

/// Hosts that are without a fix whose deadline is over, by severity.
Result<std::map<std::string, std::int64_t>> overdue_hosts(Store& store, Catalogue& catalogue, Policies& policies,
                                                          Time now);

}  // namespace suture::server
