#include "trust/openssl.h"

#include <openssl/err.h>

#include <array>
#include <limits>

namespace suture::trust::openssl {

tl::unexpected<Error> failure(std::string_view what) {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return code == 0 ? fail("{}", what) : fail("{}: {}", what, text.data());
}

Result<Bio> memory(ByteView bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return fail("too large to be signed");
  Bio bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  if (!bio) return failure("no memory");
  return bio;
}

}  // namespace suture::trust::openssl
