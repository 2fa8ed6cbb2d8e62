// What people do to a rollout: rollout/acts.h, by the words of the API.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/outcome.h"
#include "server/domain/records.h"

namespace suture::server {

/// What an act is about, where it needs it: {"host": ID, "ring": NAME, "reason": TEXT}, each may be left out.
struct ActRequest {
  std::string host, ring, reason;
};
Result<ActRequest> read_act(std::string_view body);

/// {"level": N, "reason": TEXT}
struct RecallRequest {
  rollout::Level level = 0;
  std::string reason;
};
Result<RecallRequest> read_recall(std::string_view body);

/// What who does it has to be allowed.
Act needed_for(std::string_view verb);

/// Changes the rollout. Returns what the audit says of it.
Outcome<std::string> carry_out(std::string_view verb, const ActRequest& request, const std::string& who,
                               Rollout& rollout);

}  // namespace suture::server
