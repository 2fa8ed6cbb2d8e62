#include "server/domain/audit.h"

namespace suture::server {

Status append(Store& store, AuditEntry entry) {
  const auto last = TRY(store.last_audit());
  entry.sequence = last ? last->sequence + 1 : 1;
  entry.digest = digest_of(entry, last ? last->digest : "");
  return store.add_audit(entry);
}

}  // namespace suture::server
