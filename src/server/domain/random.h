#pragma once

#include <string>

#include "base/result.h"

namespace suture::server {

/// `count` random bytes in hexadecimal.
Result<std::string> random_hex(std::size_t count);
/// Version 4 (RFC 9562).
Result<std::string> random_uuid();

}  // namespace suture::server
