// Who shows no credential that is known: so many requests per address, so that guessing and the work that it makes stay
// small. Who shows a good one is not counted, and not kept from anything by others behind the same address.
#pragma once

#include <functional>

#include "server/domain/people/rate_limit.h"
#include "server/http/request.h"

namespace suture::server {

class Strangers {
 public:
  /// The answer of `work`, which looks for a credential in the request. It counts unless it is a success; from an
  /// address that has spent its requests nothing is looked at.
  Answer admit(const Request& request, Time now, const std::function<Answer()>& work);

 private:
  RateLimit limit_{{.at_once = 30, .refill = std::chrono::seconds(2)}, 10'000};
};

}  // namespace suture::server
