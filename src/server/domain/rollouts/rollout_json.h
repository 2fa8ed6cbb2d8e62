// A rollout as the text that a store keeps. Nobody but us writes it.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/records.h"

namespace suture::server {

std::string to_text(const Rollout& rollout);
Result<Rollout> read_rollout(std::string_view text);
/// SHA-256 of what is stored.
std::string version_of(const Rollout& rollout);

std::string to_text(const Labels& labels);
Result<Labels> read_labels(std::string_view text);

/// SHA-256 over the canonical JSON of all that is fixed when a rollout is created: name, rings with their hosts and
/// gates, the comparison, levels, releases of the agent, kernels, approvals needed.
std::string plan_digest(const Rollout& rollout);

}  // namespace suture::server
