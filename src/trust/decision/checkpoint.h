// A checkpoint of an audit: how far it had come at some moment, signed by the server whose audit it is. Whoever keeps
// one elsewhere can tell later that nothing before it was changed (audit_chain.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "trust/ed25519.h"
#include "trust/tuf/time.h"

namespace suture::trust {

struct AuditCheckpoint {
  std::int64_t sequence = 0;  ///< of the last entry; 0: there was none, or only the digest was noted
  std::string digest{};       ///< of the last entry; empty: there was none
  tuf::Time at{};             ///< when it was made
  bool operator==(const AuditCheckpoint&) const = default;
};

Result<std::string> sign_checkpoint(const AuditCheckpoint& checkpoint, const ed25519::PrivateKey& key);
/// Strict; refuses what `key` did not sign.
Result<AuditCheckpoint> open_checkpoint(std::string_view text, const ed25519::PublicKey& key, std::string_view name);

/// What documents say that whoever kept them has opened already: one, an array of them, or one a line.
Result<std::vector<AuditCheckpoint>> read_kept_checkpoints(std::string_view text, std::string_view name);

}  // namespace suture::trust
