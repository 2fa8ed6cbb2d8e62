#include "trust/module_signature.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace suture::trust {
namespace {

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(length));
  BIO_free(bio);
  return text;
}

/// A key and a certificate that it signed itself, as a distribution makes for its modules.
struct Signer {
  explicit Signer(EVP_PKEY* made) : key(made) {
    auto* x509 = X509_new();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 4711);
    X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key);
    auto* name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("modules"), -1, -1, 0);
    X509_set_issuer_name(x509, name);
    EXPECT_NE(X509_sign(x509, key, EVP_sha256()), 0);
    auto* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, x509);
    certificate_pem = text_of(bio);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    key_pem = text_of(bio);
    X509_free(x509);
  }
  ~Signer() { EVP_PKEY_free(key); }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  EVP_PKEY* key;
  std::string key_pem;
  std::string certificate_pem;
};

const Signer& rsa() {
  static const Signer signer(EVP_RSA_gen(2048));
  return signer;
}
const Signer& elliptic() {
  static const Signer signer(EVP_EC_gen("P-256"));
  return signer;
}

const Bytes module_bytes{0x7f, 'E', 'L', 'F', '\n', '\r', '\n', 0, 1, 2, 3};

struct Parsed {
  Bytes module, signature;
};

/// As mod_check_sig() and mod_verify_sig() of the kernel take a module apart.
Parsed take_apart(const Bytes& file) {
  constexpr std::string_view marker = "~Module signature appended~\n";
  EXPECT_TRUE(as_text(file).ends_with(marker));
  const auto header = file.size() - marker.size() - 12;
  EXPECT_EQ(to_hex(ByteView(file).subspan(header, 8)), "0000020000000000");
  const auto length = static_cast<std::size_t>(file[header + 8] << 24 | file[header + 9] << 16 |
                                               file[header + 10] << 8 | file[header + 11]);
  EXPECT_LT(length, header);
  const auto split = file.begin() + static_cast<std::ptrdiff_t>(header - length);
  return {Bytes(file.begin(), split), Bytes(split, file.begin() + static_cast<std::ptrdiff_t>(header))};
}

bool verifies(const Parsed& parsed, const Signer& signer) {
  const auto* data = parsed.signature.data();
  auto* message = d2i_CMS_ContentInfo(nullptr, &data, static_cast<long>(parsed.signature.size()));
  EXPECT_NE(message, nullptr);
  if (message == nullptr) return false;
  EXPECT_EQ(CMS_is_detached(message), 1);
  EXPECT_EQ(CMS_get1_certs(message), nullptr);
  auto* bio = BIO_new_mem_buf(signer.certificate_pem.data(), static_cast<int>(signer.certificate_pem.size()));
  auto* certificates = sk_X509_new_null();
  sk_X509_push(certificates, PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  auto* content = BIO_new_mem_buf(parsed.module.data(), static_cast<int>(parsed.module.size()));
  const auto result =
      CMS_verify(message, certificates, nullptr, content, nullptr, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY);
  sk_X509_pop_free(certificates, X509_free);
  BIO_free(bio);
  BIO_free(content);
  CMS_ContentInfo_free(message);
  return result == 1;
}

std::string failure(ByteView module, std::string_view key, std::string_view certificate,
                    std::string_view hash = "sha256") {
  const auto result = append_module_signature(module, key, certificate, hash);
  return result ? "did not fail" : result.error().message();
}

TEST(ModuleSignature, IsAcceptedWithTheSignersCertificate) {
  for (const auto* signer : {&rsa(), &elliptic()}) {
    const auto file = append_module_signature(module_bytes, signer->key_pem, signer->certificate_pem);
    ASSERT_TRUE(file) << file.error().describe();
    const auto parsed = take_apart(*file);
    EXPECT_EQ(parsed.module, module_bytes);
    EXPECT_TRUE(verifies(parsed, *signer));
  }
}

TEST(ModuleSignature, IsOfThisModuleOnly) {
  auto parsed = take_apart(*append_module_signature(module_bytes, rsa().key_pem, rsa().certificate_pem, "sha512"));
  EXPECT_TRUE(verifies(parsed, rsa()));
  parsed.module.back() ^= 1;
  EXPECT_FALSE(verifies(parsed, rsa()));
}

TEST(ModuleSignature, HasNoTimeInIt) {
  const auto once = append_module_signature(module_bytes, rsa().key_pem, rsa().certificate_pem);
  const auto again = append_module_signature(module_bytes, rsa().key_pem, rsa().certificate_pem);
  EXPECT_EQ(*once, *again);
  const auto parsed = take_apart(*once);
  const auto* data = parsed.signature.data();
  auto* message = d2i_CMS_ContentInfo(nullptr, &data, static_cast<long>(parsed.signature.size()));
  auto* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(message), 0);
  EXPECT_EQ(CMS_signed_get_attr_count(signer), -1) << "the kernel would refuse attributes it does not know";
  CMS_ContentInfo_free(message);
}

TEST(ModuleSignature, RefusesAModuleThatIsSignedAlready) {
  const auto file = append_module_signature(module_bytes, rsa().key_pem, rsa().certificate_pem);
  EXPECT_EQ(failure(*file, rsa().key_pem, rsa().certificate_pem), "the module is signed already");
}

TEST(ModuleSignature, RefusesAKeyOfAnotherCertificate) {
  EXPECT_EQ(failure(module_bytes, rsa().key_pem, elliptic().certificate_pem),
            "the signing key does not belong to the certificate");
}

TEST(ModuleSignature, RefusesAKeyThatNoKernelChecks) {
  auto* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  EXPECT_EQ(failure(module_bytes, text_of(bio), rsa().certificate_pem),
            "the signing key is neither RSA nor elliptic-curve; kernels check no other for modules");
  EVP_PKEY_free(key);
}

TEST(ModuleSignature, NeverAsksForAPassword) {
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, rsa().key, EVP_aes_128_cbc(), reinterpret_cast<const unsigned char*>("secret"), 6,
                           nullptr, nullptr);
  EXPECT_NE(failure(module_bytes, text_of(bio), rsa().certificate_pem).find("without a password"), std::string::npos);
}

TEST(ModuleSignature, RefusesWhatIsNoPem) {
  EXPECT_NE(failure(module_bytes, "not a key", rsa().certificate_pem).find("no private key in PEM"), std::string::npos);
  EXPECT_NE(failure(module_bytes, rsa().key_pem, "not a certificate").find("no X.509 certificate in PEM"),
            std::string::npos);
}

TEST(ModuleSignature, RefusesAnUnknownHash) {
  EXPECT_EQ(failure(module_bytes, rsa().key_pem, rsa().certificate_pem, "md5"),
            "'md5' is no hash for module signatures");
}

}  // namespace
}  // namespace suture::trust
