// HTTPS for agents: TLS 1.3 only, client certificates of the server's own CA. What is answered is a function of what
// is asked.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "server/http/request.h"

namespace suture::server_cli {

using Handler = std::function<server::Answer(const server::Request&)>;

struct ListenOptions {
  std::filesystem::path directory;  ///< server.pem, server.key, ca.pem
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                          ///< 0: any
  std::function<void(std::uint16_t)> listening{};  ///< told the port, once connections are taken
  /// Called about twice a second, and after whatever may have changed something; whether it did.
  std::function<bool()> tick = [] { return false; };
};

/// Until SIGTERM or SIGINT.
Status listen(const ListenOptions& options, const Handler& handler);

}  // namespace suture::server_cli
