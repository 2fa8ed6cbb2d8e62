// Ed25519 (RFC 8032) through OpenSSL: the only kind of key that Suture's metadata is signed with.
#pragma once

#include <array>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/openssl.h"
#include "trust/secret.h"

namespace suture::trust::ed25519 {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

bool verify(const PublicKey& key, ByteView message, ByteView signature);

/// A private key. It leaves this object only as the PEM that to_pem() gives.
class PrivateKey {
 public:
  static Result<PrivateKey> generate();
  /// PKCS #8 in PEM, plain or encrypted. Never asks on the terminal: an encrypted key without its
  /// passphrase is an error, and so is a key of another kind. `name` is what errors call it.
  static Result<PrivateKey> from_pem(std::string_view pem, const Secret& passphrase, std::string_view name);

  /// PKCS #8 in PEM; encrypted (scrypt, AES-256-CBC) unless the passphrase is empty.
  Result<Secret> to_pem(const Secret& passphrase) const;
  const PublicKey& public_key() const { return public_key_; }
  Result<Signature> sign(ByteView message) const;

 private:
  PrivateKey(openssl::Key key, PublicKey public_key) : key_(std::move(key)), public_key_(public_key) {}
  static Result<PrivateKey> from_key(openssl::Key key, std::string_view name);

  openssl::Key key_;
  PublicKey public_key_;
};

/// Whether this PEM needs a passphrase.
bool is_encrypted(std::string_view pem);

}  // namespace suture::trust::ed25519
