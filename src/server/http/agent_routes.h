// The agent's part of api/openapi.yaml.
#pragma once

#include "server/http/request.h"

namespace suture::server {

Answer answer_agent(Fleet& fleet, const Request& request, Time now);

}  // namespace suture::server
