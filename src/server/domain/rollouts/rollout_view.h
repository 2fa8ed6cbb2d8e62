// A rollout as people see it: api/openapi.yaml, Rollout.
#pragma once

#include <string>

#include "server/domain/outcome.h"
#include "server/domain/rollouts/observe.h"
#include "server/domain/store.h"

namespace suture::server {

Result<std::string> view_rollout(const Sources& sources, const Rollout& rollout, Time now);
std::string view_rollouts(const std::vector<Rollout>& rollouts);

}  // namespace suture::server
