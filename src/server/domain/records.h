// What the server remembers.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace suture::server {

using Time = std::chrono::sys_seconds;

struct EnrolmentToken {
  std::string digest;  ///< SHA-256 of the secret; the secret is nowhere
  std::int64_t uses = 0;
  Time expires{};
};

struct Host {
  std::string id;   ///< UUID
  std::string key;  ///< SHA-256 of the SubjectPublicKeyInfo that its certificates must have
  std::string hostname, machine_id;
  Time enrolled{};
  std::string held{};  ///< why its reports are not believed; empty if they are
};

struct HostReport {
  std::string host;
  std::int64_t sequence = 0;
  std::string digest;  ///< SHA-256 of `body`
  Time at{};           ///< when it reached us
  std::string body;
};

}  // namespace suture::server
