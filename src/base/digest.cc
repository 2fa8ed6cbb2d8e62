#include "base/digest.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

namespace suture {

std::string sha256_hex(ByteView bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr);
  return to_hex({out.data(), length});
}

Result<std::string> sha256_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("{}: cannot open", path.string());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::array<char, 1 << 16> chunk;
  while (file.read(chunk.data(), chunk.size()), file.gcount() > 0) {
    EVP_DigestUpdate(context.get(), chunk.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return fail("{}: cannot read", path.string());
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  EVP_DigestFinal_ex(context.get(), out.data(), &length);
  return to_hex({out.data(), length});
}

Digest& Digest::add(ByteView part) {
  append_le<std::uint64_t>(framed_, part.size());
  framed_.insert(framed_.end(), part.begin(), part.end());
  return *this;
}

std::string Digest::hex() const { return sha256_hex(framed_); }

}  // namespace suture
