#include "server/domain/audit.h"

namespace suture::server {

Status append(Store& store, AuditEntry entry) {
  const auto last = TRY(store.last_audit());
  entry.sequence = last ? last->sequence + 1 : 1;
  entry.digest = digest_of(entry, last ? last->digest : "");
  return store.add_audit(entry);
}

Result<std::string> checkpoint(Store& store, const trust::ed25519::PrivateKey& key, Time now) {
  trust::AuditCheckpoint made{.at = now};
  if (const auto last = TRY(store.last_audit())) {
    made.sequence = last->sequence;
    made.digest = last->digest;
  }
  return trust::sign_checkpoint(made, key);
}

}  // namespace suture::server
