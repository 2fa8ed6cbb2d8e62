// A request as the listener has read it, and what is to be answered.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "server/domain/hosts/fleet.h"

namespace suture::server {

struct Request {
  std::string method, target, body;
  std::optional<Peer> peer{};  ///< nothing without a client certificate
  std::string token{};         ///< of "Authorization: Bearer"; empty without
  std::string client{};        ///< the address that asks
  std::chrono::steady_clock::time_point arrived{};
  /// As they came; empty without.
  std::string idempotency_key{}, if_match{}, if_none_match{}, accept{}, last_event_id{};
};

struct Answer {
  unsigned status = 200;
  std::string body{};
  std::string type{};
  std::string failure{};  ///< for our own log: whoever asked learns only that we failed
  /// There is nothing yet: to be asked again once something changed, and given only after this time.
  std::chrono::seconds wait{0};
  std::chrono::seconds retry_after{0};  ///< of 429
  std::string etag{}, link{};           ///< header fields; empty without
  /// Of a stream of events: the Last-Event-ID with which it is to be asked for what comes next.
  std::optional<std::string> goes_on{};
};

}  // namespace suture::server
