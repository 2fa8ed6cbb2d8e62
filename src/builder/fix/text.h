#pragma once

#include <string_view>
#include <vector>

namespace suture::builder {

/// Without the newlines; a final newline begins no further line.
std::vector<std::string_view> split_lines(std::string_view text);
/// Without spaces and tabs at both ends.
std::string_view trim(std::string_view text);
/// Without the CR that CRLF files have at the end of a line.
std::string_view without_cr(std::string_view line);

}  // namespace suture::builder
