#include "trust/ed25519.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

namespace suture::trust::ed25519 {
namespace {

using openssl::Bio;
using EncryptedKey = std::unique_ptr<X509_SIG, openssl::Free<X509_SIG_free>>;
using PlainKey = std::unique_ptr<PKCS8_PRIV_KEY_INFO, openssl::Free<PKCS8_PRIV_KEY_INFO_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, openssl::Free<EVP_MD_CTX_free>>;

// OpenSSL's own choice for `openssl pkcs8 -scrypt`: 16 MiB and some 50 ms for each guess.
constexpr std::uint64_t scrypt_n = 1 << 14, scrypt_r = 8, scrypt_p = 1;

/// Hands OpenSSL the passphrase that we have, so that it asks nobody.
int give_passphrase(char* buffer, int size, int, void* secret) {
  const auto text = static_cast<const Secret*>(secret)->reveal();
  if (text.empty() || text.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(text.begin(), text.end(), buffer);
  return static_cast<int>(text.size());
}

Result<EncryptedKey> encrypt(PKCS8_PRIV_KEY_INFO* key, const Secret& passphrase) {
  std::array<std::uint8_t, 16> salt{};
  if (RAND_bytes(salt.data(), salt.size()) != 1) return openssl::failure("no random numbers");
  auto* algorithm =
      PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt.data(), salt.size(), nullptr, scrypt_n, scrypt_r, scrypt_p);
  if (algorithm == nullptr) return openssl::failure("scrypt");
  const auto text = passphrase.reveal();
  EncryptedKey encrypted(PKCS8_set0_pbe(text.data(), static_cast<int>(text.size()), key, algorithm));
  if (!encrypted) {
    X509_ALGOR_free(algorithm);
    return openssl::failure("encrypting the key");
  }
  return encrypted;
}

}  // namespace

bool verify(const PublicKey& key, ByteView message, ByteView signature) {
  const openssl::Key raw(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const Context context(EVP_MD_CTX_new());
  const bool good =
      raw && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, raw.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
  if (!good) static_cast<void>(openssl::failure("not verified"));
  return good;
}

Result<PrivateKey> PrivateKey::from_key(openssl::Key key, std::string_view name) {
  if (!key) return openssl::failure(fmt::format("{}: cannot be read as a private key", name));
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return fail(Error(fmt::format("{}: is no Ed25519 key", name)).advise("make one with: suture keys new FILE"));
  }
  PublicKey public_key{};
  auto size = public_key.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), public_key.data(), &size) != 1 || size != public_key.size()) {
    return openssl::failure(fmt::format("{}: has no public key", name));
  }
  return PrivateKey(std::move(key), public_key);
}

Result<PrivateKey> PrivateKey::generate() {
  return from_key(openssl::Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), "a new key");
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, const Secret& passphrase, std::string_view name) {
  if (is_encrypted(pem) && passphrase.empty()) {
    return fail(Error(fmt::format("{}: is encrypted, and no passphrase was given", name))
                    .advise("give its passphrase with --passphrase-file, or type it when asked"));
  }
  const auto bio = TRY(openssl::memory(as_bytes(pem)));
  openssl::Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, const_cast<Secret*>(&passphrase)));
  if (!key && is_encrypted(pem)) return openssl::failure(fmt::format("{}: the passphrase does not open it", name));
  return from_key(std::move(key), name);
}

Result<Secret> PrivateKey::to_pem(const Secret& passphrase) const {
  const PlainKey plain(EVP_PKEY2PKCS8(key_.get()));
  const Bio bio(BIO_new(BIO_s_secmem()));
  if (!plain || !bio) return openssl::failure("writing the key");
  if (passphrase.empty()) {
    if (PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), plain.get()) != 1) return openssl::failure("writing the key");
  } else {
    const auto encrypted = TRY(encrypt(plain.get(), passphrase));
    if (PEM_write_bio_PKCS8(bio.get(), encrypted.get()) != 1) return openssl::failure("writing the key");
  }
  char* data = nullptr;
  const auto length = BIO_get_mem_data(bio.get(), &data);
  return Secret(std::string(data, static_cast<std::size_t>(length)));
}

Result<Signature> PrivateKey::sign(ByteView message) const {
  Signature signature{};
  auto size = signature.size();
  const Context context(EVP_MD_CTX_new());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return openssl::failure("signing");
  }
  return signature;
}

bool is_encrypted(std::string_view pem) { return pem.find("BEGIN ENCRYPTED PRIVATE KEY") != std::string_view::npos; }

}  // namespace suture::trust::ed25519
