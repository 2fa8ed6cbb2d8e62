#pragma once

#include "server/domain/store.h"
#include "trust/ed25519.h"

namespace suture::server {

/// Appends to the audit, within the caller's transaction. `sequence` and `digest` are filled in here.
Status append(Store& store, AuditEntry entry);

/// How far the audit has come, signed: trust/decision/checkpoint.h. Who keeps it can tell later that it was not
/// changed.
Result<std::string> checkpoint(Store& store, const trust::ed25519::PrivateKey& key, Time now);

}  // namespace suture::server
