#pragma once

#include <string>

#include "server/domain/rollouts/rollouts.h"

namespace suture::server {

/// Prometheus' text format: hosts, rollouts by phase, the audit, webhooks.
Outcome<std::string> write_metrics(Store& store, Catalogue& catalogue, Policies& policies, Rollouts& rollouts,
                                   Time now);

}  // namespace suture::server
