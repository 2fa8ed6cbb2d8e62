// Every host, and what it said last: api/openapi.yaml, HostView.
#pragma once

#include <string>

#include "server/domain/store.h"

namespace suture::server {

Outcome<std::string> list_hosts(Store& store);

}  // namespace suture::server
