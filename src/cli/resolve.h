#pragma once

#include <string>

#include "base/result.h"
#include "cli/session.h"

namespace suture::cli {

/// The id of the one rollout that begins as `given` does; people type the first digits.
Result<std::string> rollout_id(Session& session, const std::string& given);

/// The id of the one host that has this name, or this id.
Result<std::string> host_id(Session& session, const std::string& given);

}  // namespace suture::cli
