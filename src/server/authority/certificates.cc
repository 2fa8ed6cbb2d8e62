#include "server/authority/certificates.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"

namespace suture::server {
namespace {

using trust::openssl::Bio;
using trust::openssl::failure;
using trust::openssl::Free;
using trust::openssl::Key;
using Request = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;

constexpr std::int64_t day = 86'400;

Result<std::string> pem_of(const std::function<int(BIO*)>& write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio || write(bio.get()) != 1) return failure("PEM");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Bytes der_of(const EVP_PKEY* key) {
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(key, &data);
  Bytes bytes;
  if (size > 0) bytes.assign(data, data + size);
  OPENSSL_free(data);
  return bytes;
}

struct Extension {
  int nid;
  std::string value;
};

struct Subject {
  std::string name;
  EVP_PKEY* key;
  std::int64_t days;
  std::vector<Extension> extensions;
};

/// Signed by `issuer`, or by itself if there is none.
Result<Certificate> make(const Subject& subject, X509* issuer, EVP_PKEY* issuer_key, Time now) {
  Certificate certificate(X509_new());
  std::array<unsigned char, 16> serial{};
  if (!certificate || RAND_bytes(serial.data(), serial.size()) != 1) return failure("certificate");
  serial[0] &= 0x7f;
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(BN_bin2bn(serial.data(), serial.size(), nullptr));
  const auto start = now.time_since_epoch().count();
  auto* name = X509_get_subject_name(certificate.get());
  // Clocks of hosts are not exact.
  const bool filled =
      X509_set_version(certificate.get(), 2) == 1 &&
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), start - day) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), start + subject.days * day) != nullptr &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(subject.name.c_str()), -1, -1, 0) == 1 &&
      X509_set_issuer_name(certificate.get(), issuer == nullptr ? name : X509_get_subject_name(issuer)) == 1 &&
      X509_set_pubkey(certificate.get(), subject.key) == 1;
  if (!filled) return failure("certificate");
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer == nullptr ? certificate.get() : issuer, certificate.get(), nullptr, nullptr, 0);
  for (const auto& [nid, value] : subject.extensions) {
    const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (!extension || X509_add_ext(certificate.get(), extension.get(), -1) != 1)
      return failure(fmt::format("certificate: extension {}", value));
  }
  if (X509_sign(certificate.get(), issuer_key, EVP_sha256()) == 0) return failure("certificate: signing");
  return certificate;
}

Status write_secret(const fs::path& path, const std::string& text) {
  const auto before = ::umask(077);
  auto written = write_text(path, text);
  ::umask(before);
  return written;
}

Status write_pair(const fs::path& directory, const std::string& name, EVP_PKEY* key, X509* certificate) {
  const auto secret = TRY(
      pem_of([&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); }));
  const auto shown = TRY(pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); }));
  TRY(write_secret(directory / (name + ".key"), secret));
  return write_text(directory / (name + ".pem"), shown);
}

bool is_address(const std::string& name) {
  return name.find(':') != std::string::npos || name.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

Status make_authority(const fs::path& directory, const std::vector<std::string>& names, Time now) {
  const Key ca_key(EVP_EC_gen("P-256")), server_key(EVP_EC_gen("P-256"));
  if (!ca_key || !server_key) return failure("P-256 key");
  const auto ca = TRY(make({.name = "Suture fleet CA",
                            .key = ca_key.get(),
                            .days = 3650,
                            .extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                           {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                           {NID_subject_key_identifier, "hash"}}},
                           nullptr, ca_key.get(), now));
  std::string alternative;
  for (const auto& name : names)
    alternative += (alternative.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  const auto server = TRY(make({.name = "suture-server",
                                .key = server_key.get(),
                                .days = 365,
                                .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                                               {NID_key_usage, "critical,digitalSignature"},
                                               {NID_ext_key_usage, "serverAuth"},
                                               {NID_authority_key_identifier, "keyid"},
                                               {NID_subject_alt_name, alternative}}},
                               ca.get(), ca_key.get(), now));
  TRY(write_pair(directory, "ca", ca_key.get(), ca.get()));
  return write_pair(directory, "server", server_key.get(), server.get());
}

Result<Certificates> Certificates::open(const fs::path& directory) {
  auto pem = TRY(read_text(directory / "ca.pem"));
  const auto secret = TRY(read_text(directory / "ca.key"));
  const auto certificate_bio = TRY(trust::openssl::memory(as_bytes(pem)));
  const auto key_bio = TRY(trust::openssl::memory(as_bytes(secret)));
  Certificate ca(PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
  if (!ca) return failure((directory / "ca.pem").string());
  Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
  if (!key || X509_check_private_key(ca.get(), key.get()) != 1) return failure((directory / "ca.key").string());
  return Certificates(std::move(key), std::move(ca), std::move(pem));
}

Result<CertificateRequest> Certificates::read_request(std::string_view pem) const {
  const auto bio = TRY(trust::openssl::memory(as_bytes(pem)));
  const Request request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  if (!request) return failure("csr: is no PKCS #10 request in PEM");
  auto* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr) return failure("csr: has no key that can be read");
  std::array<char, 32> group{};
  const bool good = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ||
                    (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
                     EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
                     std::string_view(group.data()) == "prime256v1");
  if (!good) return fail("csr: its key is neither Ed25519 nor P-256");
  if (X509_REQ_verify(request.get(), key) != 1) return failure("csr: is not signed with its own key");
  CertificateRequest read{der_of(key), {}};
  read.key = sha256_hex(read.public_key);
  return read;
}

Result<std::string> Certificates::certify(const CertificateRequest& request, const std::string& host, Time now) const {
  const auto* data = request.public_key.data();
  const Key key(d2i_PUBKEY(nullptr, &data, static_cast<long>(request.public_key.size())));
  if (!key) return failure("csr");
  const auto certificate = TRY(make({.name = host,
                                     .key = key.get(),
                                     .days = 90,
                                     .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                                                    {NID_key_usage, "critical,digitalSignature"},
                                                    {NID_ext_key_usage, "clientAuth"},
                                                    {NID_authority_key_identifier, "keyid"}}},
                                    ca_.get(), key_.get(), now));
  return pem_of([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); });
}

std::string key_digest(const X509* certificate) { return sha256_hex(der_of(X509_get0_pubkey(certificate))); }

}  // namespace suture::server
