#include "base/digest.h"

#include <openssl/evp.h>

#include <array>

namespace suture {

std::string sha256_hex(ByteView bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr);
  return to_hex({out.data(), length});
}

Digest& Digest::add(ByteView part) {
  append_le<std::uint64_t>(framed_, part.size());
  framed_.insert(framed_.end(), part.begin(), part.end());
  return *this;
}

std::string Digest::hex() const { return sha256_hex(framed_); }

}  // namespace suture
