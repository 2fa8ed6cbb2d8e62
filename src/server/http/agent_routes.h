// The agent's part of api/openapi.yaml.
#pragma once

#include "server/domain/rollouts/rollouts.h"
#include "server/http/request.h"

namespace suture::server {

Answer answer_agent(Fleet& fleet, Rollouts& rollouts, const Request& request, Time now);

}  // namespace suture::server
