#pragma once

#include <string>

#include "base/file.h"

namespace suture {

/// The first line of a file, without its end; "-" is standard input, of which no more is read. For passwords.
Result<std::string> read_first_line(const fs::path& path);

}  // namespace suture
