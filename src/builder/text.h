#pragma once

#include <string_view>

namespace suture::builder {

/// Without spaces and tabs at both ends.
std::string_view trim(std::string_view text);
/// Without the CR that CRLF files have at the end of a line.
std::string_view without_cr(std::string_view line);

}  // namespace suture::builder
