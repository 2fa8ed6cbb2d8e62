#pragma once

#include "server/domain/store.h"

namespace suture::server {

/// Appends to the audit, within the caller's transaction. `sequence` and `digest` are filled in here.
Status append(Store& store, AuditEntry entry);

}  // namespace suture::server
