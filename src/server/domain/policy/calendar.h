// Local times. The only place that knows the time zone library (Howard Hinnant's date, with the system's tzdata).
#pragma once

#include <string>
#include <string_view>

#include "server/domain/policy/policy.h"

namespace suture::server {

/// Fails if the system knows no such zone.
Status check_zone(const std::string& zone);

/// "2026-12-18T17:00" on the clocks of a zone. Of an hour that clocks show twice, the first is meant.
Result<Time> local_time(std::string_view text, const std::string& zone);

bool is_within(const Window& window, Time now);

/// "mon-thu 09:00-16:00 Europe/Berlin"
std::string describe(const Window& window);

}  // namespace suture::server
