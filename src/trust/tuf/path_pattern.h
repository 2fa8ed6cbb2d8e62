#pragma once

#include <string_view>

namespace suture::trust::tuf {

/// Shell patterns of TUF: '*' any number of characters, '?' one, "[a-c]" and "[!a-c]" one of a set; none
/// of them matches a '/'.
bool matches(std::string_view pattern, std::string_view path);

}  // namespace suture::trust::tuf
