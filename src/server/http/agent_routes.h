// The agent's part of api/openapi.yaml.
#pragma once

#include "server/domain/rollouts/rollouts.h"
#include "server/http/request.h"
#include "server/http/strangers.h"

namespace suture::server {

Answer answer_agent(Fleet& fleet, Rollouts& rollouts, Strangers& strangers, const Request& request, Time now);

}  // namespace suture::server
