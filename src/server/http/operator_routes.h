// The people's part of api/openapi.yaml.
#pragma once

#include "server/domain/rollouts/rollouts.h"
#include "server/http/request.h"
#include "server/http/strangers.h"

namespace suture::server {

/// Whether this path is theirs.
bool is_of_people(const Request& request);

Answer answer_people(Store& store, Rollouts& rollouts, Strangers& strangers, const Request& request, Time now);

}  // namespace suture::server
