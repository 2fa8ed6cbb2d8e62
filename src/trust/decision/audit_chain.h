// The record of all that a server decided and did: a chain in which each entry's digest covers the one before, so that
// whoever holds a later digest can tell that nothing earlier was changed, left out or put in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "trust/decision/checkpoint.h"
#include "trust/tuf/time.h"

namespace suture::trust {

struct AuditEntry {
  std::int64_t sequence = 0;  ///< from 1 on, without a gap
  tuf::Time at{};
  std::string who;                        ///< a person's name; "server" for what nobody asked for
  std::string rollout{}, ring{}, host{};  ///< where they mean something
  std::string text;
  std::string digest{};  ///< SHA-256, in hexadecimal
};

/// Over the entry before's digest and every member but `digest`.
std::string digest_of(const AuditEntry& entry, std::string_view previous);

/// One line of JSON, as an export has them.
std::string to_line(const AuditEntry& entry);

/// Fails at the first line of an export that is not the continuation of those before it; an export begins with the
/// first entry. It has to have reached every one of the `checkpoints` that were noted elsewhere, with their digests.
/// Returns the last entry; nothing if the export is empty.
Result<std::optional<AuditEntry>> verify_audit(std::string_view lines, const std::vector<AuditCheckpoint>& checkpoints,
                                               std::string_view name);

}  // namespace suture::trust
