#include "trust/module_signature.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "trust/openssl.h"

namespace suture::trust {
namespace {

constexpr std::string_view marker = "~Module signature appended~\n";
constexpr std::uint8_t type_pkcs7 = 2;  // enum pkey_id_type

using openssl::Bio;
using openssl::Key;
using openssl::memory;
using Certificate = std::unique_ptr<X509, openssl::Free<X509_free>>;
using Message = std::unique_ptr<CMS_ContentInfo, openssl::Free<CMS_ContentInfo_free>>;

/// Never asks on the terminal.
int no_password(char*, int, int, void*) { return -1; }

Result<Key> read_key(std::string_view pem) {
  const auto bio = TRY(memory(as_bytes(pem)));
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!key) return openssl::failure("the signing key is no private key in PEM without a password");
  const auto kind = EVP_PKEY_get_base_id(key.get());
  if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC) {
    return fail("the signing key is neither RSA nor elliptic-curve; kernels check no other for modules");
  }
  return key;
}

Result<Certificate> read_certificate(std::string_view pem) {
  const auto bio = TRY(memory(as_bytes(pem)));
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
  if (!certificate) return openssl::failure("the signing certificate is no X.509 certificate in PEM");
  return certificate;
}

Result<const EVP_MD*> hash_named(std::string_view name) {
  if (name == "sha256") return EVP_sha256();
  if (name == "sha384") return EVP_sha384();
  if (name == "sha512") return EVP_sha512();
  return fail(Error(fmt::format("'{}' is no hash for module signatures", name)).advise("use sha256, sha384 or sha512"));
}

Result<Bytes> sign(ByteView module, EVP_PKEY* key, X509* certificate, const EVP_MD* hash) {
  // The kernel finds the key by the signer's issuer and serial number, and accepts no attributes
  // that it would have to check (the time of signing, say).
  constexpr unsigned int plain = CMS_NOCERTS | CMS_BINARY;
  const auto content = TRY(memory(module));
  const Message message(CMS_sign(nullptr, nullptr, nullptr, nullptr, plain | CMS_PARTIAL | CMS_DETACHED | CMS_STREAM));
  if (!message ||
      CMS_add1_signer(message.get(), certificate, key, hash, plain | CMS_NOSMIMECAP | CMS_NOATTR) == nullptr ||
      CMS_final(message.get(), content.get(), nullptr, plain) != 1) {
    return openssl::failure("signing");
  }
  unsigned char* der = nullptr;
  const auto length = i2d_CMS_ContentInfo(message.get(), &der);
  if (length <= 0) return openssl::failure("encoding the signature");
  Bytes result(der, der + length);
  OPENSSL_free(der);
  return result;
}

}  // namespace

Result<Bytes> append_module_signature(ByteView module, std::string_view key_pem, std::string_view certificate_pem,
                                      std::string_view hash) {
  if (as_text(module).ends_with(marker)) return fail("the module is signed already");
  const auto key = TRY(read_key(key_pem));
  const auto certificate = TRY(read_certificate(certificate_pem));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return fail("the signing key does not belong to the certificate");
  }
  const auto* digest = TRY(hash_named(hash));
  const auto signature = TRY(sign(module, key.get(), certificate.get(), digest));

  Bytes result(module.begin(), module.end());
  result.insert(result.end(), signature.begin(), signature.end());
  // struct module_signature: algo, hash, id_type, signer_len, key_id_len, three bytes of padding,
  // and the length in big-endian. For PKCS#7 all but type and length are zero.
  const auto length = static_cast<std::uint32_t>(signature.size());
  for (const std::uint32_t byte :
       {0U, 0U, std::uint32_t{type_pkcs7}, 0U, 0U, 0U, 0U, 0U, length >> 24, length >> 16, length >> 8, length}) {
    result.push_back(static_cast<std::uint8_t>(byte & 0xff));
  }
  result.insert(result.end(), marker.begin(), marker.end());
  return result;
}

}  // namespace suture::trust
