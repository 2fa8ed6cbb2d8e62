// What a person asks for when a rollout is created: api/openapi.yaml, RolloutRequest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/domain/records.h"

namespace suture::server {

struct RingRequest {
  rollout::Ring ring{};              ///< without hosts
  Labels where{};                    ///< hosts that have all of these
  std::vector<std::string> hosts{};  ///< by UUID or by name, beside those
};

struct RolloutRequest {
  std::string name;
  rollout::Plan plan{};  ///< without rings and holdback
  std::vector<RingRequest> rings{};
  Labels holdback{};  ///< hosts that are left alone and compared with; empty: none
  std::int64_t approvals = 1;
  std::vector<CheckSpec> checks{};
  std::string emergency{};        ///< why it is one; empty: it is none
  std::string agent{};            ///< the version that hosts' agents go to, in place of a level; empty: to a level
  rollout::Level takes_back = 0;  ///< the level that its hosts run, and go down from; 0: they go up
};

/// Strict; what is left out has the defaults of rollout/plan.h. Errors name the place.
Result<RolloutRequest> read_rollout_request(std::string_view body);

}  // namespace suture::server
