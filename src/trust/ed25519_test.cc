#include "trust/ed25519.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

namespace suture::trust::ed25519 {
namespace {

// RFC 8032, 7.1, TEST 2.
constexpr auto rfc_public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr auto rfc_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

PublicKey public_key(std::string_view hex) {
  const auto bytes = from_hex(hex).value();
  PublicKey key{};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

std::string failure(std::string_view pem, std::string passphrase = "") {
  const auto key = PrivateKey::from_pem(pem, Secret(std::move(passphrase)), "a.key");
  return key ? "did not fail" : key.error().message();
}

TEST(Ed25519, VerifiesTheExampleOfTheRfc) {
  const Bytes message{0x72};
  EXPECT_TRUE(verify(public_key(rfc_public), message, *from_hex(rfc_signature)));
  EXPECT_FALSE(verify(public_key(rfc_public), Bytes{0x73}, *from_hex(rfc_signature)));
}

TEST(Ed25519, ASignatureOfAnotherLengthDoesNotVerify) {
  auto signature = *from_hex(rfc_signature);
  signature.push_back(0);
  EXPECT_FALSE(verify(public_key(rfc_public), Bytes{0x72}, signature));
  EXPECT_FALSE(verify(public_key(rfc_public), Bytes{0x72}, {}));
}

TEST(Ed25519, AKeySignsTheSameAfterItWasWrittenAndRead) {
  const auto key = PrivateKey::generate().value();
  for (const std::string passphrase : {"", "correct horse"}) {
    const auto pem = key.to_pem(Secret(passphrase)).value();
    EXPECT_EQ(is_encrypted(pem.reveal()), !passphrase.empty());
    const auto again = PrivateKey::from_pem(pem.reveal(), Secret(passphrase), "a.key");
    ASSERT_TRUE(again) << again.error().describe();
    const auto message = as_bytes("metadata");
    EXPECT_EQ(*key.sign(message), *again->sign(message));
    EXPECT_TRUE(verify(key.public_key(), message, *again->sign(message)));
  }
}

TEST(Ed25519, AnEncryptedKeyDoesNotOpenWithoutItsPassphrase) {
  const auto pem = PrivateKey::generate()->to_pem(Secret("correct horse")).value();
  EXPECT_EQ(failure(pem.reveal()), "a.key: is encrypted, and no passphrase was given");
  EXPECT_NE(failure(pem.reveal(), "wrong").find("the passphrase does not open it"), std::string::npos);
}

TEST(Ed25519, AKeyOfAnotherKindIsRefused) {
  const openssl::Key rsa(EVP_EC_gen("P-256"));
  const openssl::Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), rsa.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const auto length = BIO_get_mem_data(bio.get(), &data);
  EXPECT_EQ(failure({data, static_cast<std::size_t>(length)}), "a.key: is no Ed25519 key");
  EXPECT_NE(failure("not a key").find("cannot be read as a private key"), std::string::npos);
}

}  // namespace
}  // namespace suture::trust::ed25519
