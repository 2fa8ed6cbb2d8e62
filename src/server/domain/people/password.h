// Passwords as they are stored: scrypt, with its parameters beside the hash, so that later ones may cost more.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace suture::server {

/// Refuses a password that is guessed soon, or that nobody typed.
Status check_password(std::string_view password);

/// "scrypt:32768:8:1:SALT:KEY", the last two in hexadecimal.
Result<std::string> hash_password(std::string_view password);

/// Nothing is the password of an empty hash; finding that takes as long as with a hash, so that time does not tell who
/// has one.
Result<bool> is_password(std::string_view password, std::string_view hash);

}  // namespace suture::server
