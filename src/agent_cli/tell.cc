#include "agent_cli/tell.h"

#include <fmt/format.h>

#include "host/notify/journal.h"

namespace suture::agent_cli {

void tell(int priority, const std::string& message) {
  if (!host::send_to_journal({.priority = priority, .message = message})) fmt::print(stderr, "{}\n", message);
}

}  // namespace suture::agent_cli
