// An address that is told what the audit says, as it is said.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/domain/records.h"

namespace suture::server {

struct Webhook {
  std::string id;
  std::string url;
  std::string secret;                ///< signs what is sent; shown once
  std::vector<std::string> words{};  ///< an entry is told if it has one of them; all are, if there is none
  std::int64_t told = 0;             ///< sequence of the last entry that was delivered, or was not asked for
  std::int64_t failures = 0;         ///< since the last delivery that was taken
  std::string failure{};             ///< why the last one was not; stays after one that was
  Time failed{};                     ///< when that was; none of it without a failure
};

}  // namespace suture::server
