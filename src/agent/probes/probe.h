// The operator's own questions to a host: they come from the local configuration alone.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace suture::agent {

struct Probe {
  std::string name{};
  std::string kind{};    ///< "http", "tcp", "command" or "unit"
  std::string target{};  ///< "http://127.0.0.1:80/health", "127.0.0.1:5432", "nginx.service"; of a command: empty
  std::vector<std::string> argv{};
  std::chrono::milliseconds patience{5000};
};

/// Passes: HTTP status 2xx or 3xx, a connection, exit code 0, an active unit. The error says what it was
/// instead.
Status run_probe(const Probe& probe);

}  // namespace suture::agent
