#include "server/domain/random.h"

#include <openssl/rand.h>

#include "base/bytes.h"

namespace suture::server {

Result<std::string> random_hex(std::size_t count) {
  Bytes bytes(count);
  if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) return fail("the system gives no random numbers");
  return to_hex(bytes);
}

Result<std::string> random_uuid() {
  auto hex = TRY(random_hex(16));
  hex[12] = '4';
  hex[16] = "89ab"[hex[16] & 3];
  for (const std::size_t place : {20U, 16U, 12U, 8U}) hex.insert(place, "-");
  return hex;
}

}  // namespace suture::server
