// TCP connections within a time that bounds all of it: the search for a name, and every address that it has.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace suture::agent {

using Deadline = std::chrono::steady_clock::time_point;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// To "host:port"; an IPv6 address stands in brackets.
Result<Fd> connect_to(const std::string& target, Deadline deadline);

/// To the first that answers: all are asked at once, so that one that is silent hides no other.
Result<Fd> connect_to_any(const std::vector<Address>& addresses, Deadline deadline);

Status await_input(const Fd& fd, Deadline deadline);

}  // namespace suture::agent
