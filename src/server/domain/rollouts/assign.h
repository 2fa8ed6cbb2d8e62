// From what a rollout wants of a host to the document that tells it so.
#pragma once

#include "rollout/step.h"
#include "server/domain/outcome.h"
#include "server/domain/records.h"
#include "trust/ed25519.h"

namespace suture::server {

/// How long a host may take to begin what it was told; then it is told anew, if that is still wanted.
inline constexpr auto assignment_time = std::chrono::minutes(10);

/// `order` is one of `rollout`, or nothing: what was told before is not wanted any more.
Result<AssignmentRecord> assign(const std::string& host, std::int64_t sequence, const Rollout& rollout,
                                const std::optional<rollout::Order>& order, const trust::ed25519::PrivateKey& key,
                                Time now);

}  // namespace suture::server
