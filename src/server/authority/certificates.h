// The server's own certificate authority (P-256): it certifies the server and the hosts, nothing else.
#pragma once

#include <openssl/x509.h>

#include <filesystem>
#include <string>

#include "server/domain/hosts/authority.h"
#include "trust/openssl.h"
#include "trust/secret.h"

namespace suture::server {

using Certificate = std::unique_ptr<X509, trust::openssl::Free<X509_free>>;

/// Makes ca.key and ca.pem (ten years), server.key and server.pem (a year; for `names`, DNS names or addresses)
/// in a directory.
Status make_authority(const std::filesystem::path& directory, const std::vector<std::string>& names, Time now);

class Certificates : public Authority {
 public:
  static Result<Certificates> open(const std::filesystem::path& directory);

  Result<CertificateRequest> read_request(std::string_view pem) const override;
  Result<std::string> certify(const CertificateRequest& request, const std::string& host, Time now) const override;
  const std::string& ca() const override { return pem_; }

 private:
  Certificates(trust::openssl::Key key, Certificate ca, std::string pem)
      : key_(std::move(key)), ca_(std::move(ca)), pem_(std::move(pem)) {}
  trust::openssl::Key key_;
  Certificate ca_;
  std::string pem_;
};

/// SHA-256 of a certificate's SubjectPublicKeyInfo.
std::string key_digest(const X509* certificate);

}  // namespace suture::server
