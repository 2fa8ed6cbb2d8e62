// What was answered to a request that has a key of its own, so that the request is answered again and not carried out
// again (draft-ietf-httpapi-idempotency-key-header).
#pragma once

#include <cstdint>
#include <string>

#include "server/domain/records.h"

namespace suture::server {

struct KeptAnswer {
  std::string person, key;  ///< each person's keys are its own
  std::string request;      ///< digest of what was asked: a key that comes with another request is a mistake
  Time at{};
  std::int64_t status = 0;
  std::string type{}, body{}, etag{};
};

}  // namespace suture::server
