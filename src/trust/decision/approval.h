// An approval: the plan's digest, signed on the approver's machine with the approver's own key.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "trust/ed25519.h"

namespace suture::trust {

struct ApprovalStatement {
  std::string rollout;  ///< UUID
  std::string digest;   ///< of the rollout's plan
  std::string approver;
};

Result<std::string> sign_approval(const ApprovalStatement& statement, const ed25519::PrivateKey& key);
/// Strict; refuses what `key` did not sign.
Result<ApprovalStatement> open_approval(std::string_view text, const ed25519::PublicKey& key, std::string_view name);

}  // namespace suture::trust
