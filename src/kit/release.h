#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace suture::kit {

/// Whether `release` can be a kernel's `uname -r`: it begins with MAJOR.MINOR, holds only letters,
/// digits and "+-._~", and has at most 64 characters (the kernel's own limit, uts_len in its
/// Makefile). So it is also safe as a file name and as a package name's part.
Status check_release(std::string_view release);

/// "6.1" of "6.1.0-53-amd64". The release has passed check_release().
std::string series_of(std::string_view release);

}  // namespace suture::kit
