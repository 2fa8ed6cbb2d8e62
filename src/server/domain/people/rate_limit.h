// A token bucket for each client: so many at once, and one more each time that so long has passed.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "server/domain/records.h"

namespace suture::server {

struct Rate {
  std::int64_t at_once = 1;
  std::chrono::seconds refill{1};  ///< of one
};

class RateLimit {
 public:
  /// Of more clients than `remembered` the one that would be forgotten first anyway is forgotten at once.
  RateLimit(Rate rate, std::size_t remembered) : rate_(rate), remembered_(remembered) {}

  /// How long until this client has one; zero if it has one now.
  std::chrono::seconds wait(const std::string& client, Time now) const;
  void spend(const std::string& client, Time now);

 private:
  /// When the client has all of them again; `now` if it has. A clock that was set back makes nobody wait longer.
  Time full_at(const std::string& client, Time now) const;
  void make_room(Time now);

  Rate rate_;
  std::size_t remembered_;
  std::map<std::string, Time> full_{};  ///< by client; who has all is not in it
};

/// What an address counts as: an IPv4 address by itself, of IPv6 the /64 that one subscriber has for himself.
std::string client_of(std::string_view address);

}  // namespace suture::server
