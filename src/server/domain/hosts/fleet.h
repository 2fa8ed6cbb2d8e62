// Hosts from enrolment on: who they are, and what they said last.
#pragma once

#include <string>
#include <string_view>

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/hosts/authority.h"
#include "server/domain/store.h"
#include "trust/ed25519.h"

namespace suture::server {

/// Whom the client certificate of a connection shows: the common name, and the SHA-256 of its key.
struct Peer {
  std::string host, key;
};

class Fleet {
 public:
  Fleet(Store& store, const Authority& authority, Catalogue& catalogue,
        const trust::ed25519::PrivateKey& assignment_key)
      : store_(&store), authority_(&authority), catalogue_(&catalogue), key_(&assignment_key) {}

  /// Bodies are as api/openapi.yaml has them.
  Outcome<std::string> enroll(std::string_view body, Time now);
  Outcome<std::string> renew(const Peer& peer, std::string_view body, Time now);
  /// Answers with a checkpoint of the audit, which the host keeps.
  Outcome<std::string> report(const Peer& peer, std::string_view body, Time now);
  /// Whose certificate this is.
  Outcome<Host> known(const Peer& peer);

 private:
  Done take(const Host& host, std::int64_t sequence, const std::string& previous, std::string_view body, Time now);

  Store* store_;
  const Authority* authority_;
  Catalogue* catalogue_;
  const trust::ed25519::PrivateKey* key_;
};

/// What it says is not believed any more, and its certificate opens nothing, until it enrols anew with another key.
Done revoke(Store& store, const Person& person, const std::string& host, const std::string& reason, Time now);

/// Makes a token for `uses` hosts, which get these labels; its secret is returned and stored nowhere.
Result<std::string> make_token(Store& store, std::int64_t uses, Time expires, const Labels& labels);

}  // namespace suture::server
