#pragma once

#include <string>

namespace suture::agent_cli {

/// To the system's journal, or on standard error where there is none. Priorities are syslog(3)'s.
void tell(int priority, const std::string& message);

}  // namespace suture::agent_cli
