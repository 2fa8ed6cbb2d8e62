// A request as the listener has read it, and what is to be answered.
#pragma once

#include <optional>
#include <string>

#include "server/domain/fleet.h"

namespace suture::server {

struct Request {
  std::string method, target, body;
  std::optional<Peer> peer{};  ///< nothing without a client certificate
};

struct Answer {
  unsigned status = 200;
  std::string body{};
  std::string type{};
  std::string failure{};  ///< for our own log: whoever asked learns only that we failed
};

}  // namespace suture::server
