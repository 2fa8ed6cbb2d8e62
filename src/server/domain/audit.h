// The record of all that was decided and done: a chain in which each entry's digest covers the one before, so that
// whoever holds a later digest can tell that nothing earlier was changed, left out or put in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/domain/store.h"

namespace suture::server {

/// Appends, within the caller's transaction. `sequence` and `digest` are filled in here.
Status append(Store& store, AuditEntry entry);

/// SHA-256, in hexadecimal, over the entry before's digest and every member but `digest`.
std::string digest_of(const AuditEntry& entry, std::string_view previous);

/// One line of JSON each, as an export has them.
std::string to_line(const AuditEntry& entry);

/// Fails at the first line of an export that is not the continuation of those before it. The export begins with the
/// first entry. Returns the last one; nothing if the export is empty.
Result<std::optional<AuditEntry>> verify_audit(std::string_view lines, std::string_view name);

}  // namespace suture::server
