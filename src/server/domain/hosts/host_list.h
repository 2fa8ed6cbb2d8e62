// Every host, and what it said last: api/openapi.yaml, HostView.
#pragma once

#include <string>

#include "server/domain/store.h"

namespace suture::server {

Outcome<std::string> list_hosts(Store& store);

/// Some of them, and after which one the next begin.
struct HostList {
  std::string json;
  std::optional<HostPlace> next{};  ///< nothing after the last
};
Outcome<HostList> list_hosts(Store& store, const HostPlace& after, std::size_t most);

}  // namespace suture::server
