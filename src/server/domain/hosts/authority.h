// Who certifies hosts.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "server/domain/outcome.h"
#include "server/domain/records.h"

namespace suture::server {

/// A PKCS #10 request that was signed with its own key, which is Ed25519 or P-256.
struct CertificateRequest {
  Bytes public_key;  ///< SubjectPublicKeyInfo, DER
  std::string key;   ///< its SHA-256
};

class Authority {
 public:
  virtual ~Authority() = default;
  virtual Result<CertificateRequest> read_request(std::string_view pem) const = 0;
  /// PEM, for a client, with the host as its common name; good for 90 days.
  virtual Result<std::string> certify(const CertificateRequest& request, const std::string& host, Time now) const = 0;
  virtual const std::string& ca() const = 0;  ///< PEM
};

}  // namespace suture::server
