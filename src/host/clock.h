// Time is given to whoever needs it: nothing below src/host sleeps, and only the functions here ask.
#pragma once

#include <chrono>

namespace suture::host {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;
using Milliseconds = std::chrono::milliseconds;
/// Wall time, in whole seconds since 1970-01-01 UTC.
using WallTime = std::chrono::sys_seconds;

inline Instant now() { return Clock::now(); }
inline WallTime wall_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

}  // namespace suture::host
