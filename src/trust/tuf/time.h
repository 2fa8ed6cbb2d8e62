#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace suture::trust::tuf {

/// Seconds since 1970 in UTC, as metadata counts. Nothing here asks a clock.
using Time = std::chrono::sys_seconds;

/// "2026-02-28T23:59:59Z", and no other way to write it.
Result<Time> parse_time(std::string_view text);
std::string format_time(Time time);

/// A clock can be set back; what was seen on it before cannot be. `floor` is the latest time of an
/// update that went well, kept beside the metadata.
inline Time trusted_time(Time clock, Time floor) { return std::max(clock, floor); }

}  // namespace suture::trust::tuf
