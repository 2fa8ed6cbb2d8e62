// How long a name is locked after wrong passwords in a row. A function of what was counted and of time.
#pragma once

#include "server/domain/records.h"

namespace suture::server {

/// From the fifth on each failure locks the name: for a minute, then twice as long each time, for an hour at most.
LoginFailures one_more(LoginFailures before, Time now);
/// How long it is locked still; zero if it is not.
std::chrono::seconds locked_for(const LoginFailures& failures, Time now);

}  // namespace suture::server
