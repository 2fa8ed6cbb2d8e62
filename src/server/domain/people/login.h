// A name and a password for a token of some hours. Who asks learns nothing of who is known here: neither by what is
// answered, nor by how long it takes, nor by what is locked.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/outcome.h"
#include "server/domain/people/rate_limit.h"
#include "server/domain/store.h"

namespace suture::server {

class Logins {
 public:
  explicit Logins(Store& store) : store_(&store) {}

  /// Body and answer are as api/openapi.yaml has them.
  Outcome<std::string> log_in(std::string_view body, Time now);

 private:
  /// Counts it. What is answered is the same refusal each time.
  Outcome<std::string> wrong(const std::string& name, Time now);

  Store* store_;
  /// Of all addresses together: a hash takes a tenth of a second, in which nobody else is answered.
  RateLimit hashes_{{.at_once = 30, .refill = std::chrono::seconds(1)}, 1};
};

}  // namespace suture::server
