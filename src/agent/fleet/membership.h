// That this host belongs to a fleet: what enrolment made, kept in one directory that only root reads.
#pragma once

#include <string>

#include "base/file.h"
#include "repository/store.h"
#include "trust/ed25519.h"

namespace suture::agent {

struct Membership {
  std::string server;                          ///< address: "https://suture.example.org:8443"
  std::string host;                            ///< the UUID that the server gave
  trust::ed25519::PublicKey assignment_key{};  ///< signs what this host is told
  std::string ca, certificate, key;            ///< PEM
};

/// A host that is asking for its certificate. The key is on disk before the server knows of it.
class Enrolment {
 public:
  /// Fails if the host belongs to a fleet already.
  static Result<Enrolment> begin(const fs::path& directory);

  /// The body to send: api/openapi.yaml, EnrollRequest.
  std::string request(const std::string& token, const std::string& hostname, const std::string& machine_id) const;
  /// Takes what came back, and keeps it: the lowest versions of the repository's metadata in `repository` first.
  Result<Membership> take(std::string_view answer, const std::string& server, const repository::Store& repository);

 private:
  Enrolment(fs::path directory, std::string key, std::string csr)
      : directory_(std::move(directory)), key_(std::move(key)), csr_(std::move(csr)) {}
  fs::path directory_;
  std::string key_, csr_;
};

/// Nothing if the host belongs to no fleet.
Result<std::optional<Membership>> membership(const fs::path& directory);

/// Body of a renewal, and what comes back.
Result<std::string> renewal_request(const Membership& member);
Status take_renewal(const fs::path& directory, Membership& member, std::string_view answer);

/// When the certificate ends, and whether a third of its time is left at most.
Result<bool> is_renewal_due(const Membership& member, std::int64_t now);

}  // namespace suture::agent
