// A rollout as people see it: api/openapi.yaml, Rollout.
#pragma once

#include <span>
#include <string>

#include "server/domain/outcome.h"
#include "server/domain/rollouts/observe.h"
#include "server/domain/store.h"

namespace suture::server {

struct ShownRollout {
  std::string json;
  std::string version;  ///< digest of what is stored: another after each act and each decision
  std::string seen;     ///< digest of all that is shown, but for the seconds that are counted in what it waits for
};
Result<ShownRollout> view_rollout(const Sources& sources, const Rollout& rollout, Time now);
std::string view_rollouts(std::span<const Rollout> rollouts);

}  // namespace suture::server
