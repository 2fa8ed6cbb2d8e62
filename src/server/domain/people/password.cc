#include "server/domain/people/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/numbers.h"
#include "base/words.h"
#include "server/domain/random.h"
#include "trust/openssl.h"

namespace suture::server {
namespace {

constexpr std::size_t fewest = 12, most = 1024;
constexpr std::size_t salt_size = 16, key_size = 32;
constexpr std::uint64_t most_memory = std::uint64_t{256} << 20;  // 32 MiB are needed today

struct Hash {
  std::uint64_t n = 1 << 15, r = 8, p = 1;
  Bytes salt = Bytes(salt_size), key = Bytes(key_size);
};

Result<Hash> read_hash(std::string_view text) {
  if (take_until(text, ':') != "scrypt") return fail("a password's hash is not of scrypt");
  const auto n = to_number<std::uint64_t>(take_until(text, ':'));
  const auto r = to_number<std::uint64_t>(take_until(text, ':'));
  const auto p = to_number<std::uint64_t>(take_until(text, ':'));
  const auto salt = from_hex(take_until(text, ':')), key = from_hex(text);
  if (!n || !r || !p || !salt || !key || key->size() != key_size) return fail("a password's hash cannot be read");
  return Hash{*n, *r, *p, *salt, *key};
}

Result<Bytes> derive(std::string_view password, const Hash& hash) {
  Bytes key(key_size);
  if (EVP_PBE_scrypt(password.data(), password.size(), hash.salt.data(), hash.salt.size(), hash.n, hash.r, hash.p,
                     most_memory, key.data(), key.size()) != 1)
    return trust::openssl::failure("scrypt");
  return key;
}

}  // namespace

Status check_password(std::string_view password) {
  if (password.size() < fewest || password.size() > most)
    return fail("a password has {} to {} characters", fewest, most);
  return {};
}

Result<std::string> hash_password(std::string_view password) {
  Hash hash;
  const auto salt = TRY(random_hex(salt_size));
  hash.salt = TRY(from_hex(salt));
  const auto key = TRY(derive(password, hash));
  return fmt::format("scrypt:{}:{}:{}:{}:{}", hash.n, hash.r, hash.p, salt, to_hex(key));
}

Result<bool> is_password(std::string_view password, std::string_view hash) {
  const auto stored = hash.empty() ? Hash() : TRY(read_hash(hash));
  const auto key = TRY(derive(password, stored));
  return CRYPTO_memcmp(key.data(), stored.key.data(), key_size) == 0 && !hash.empty();
}

}  // namespace suture::server
