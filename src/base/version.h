#pragma once

#include <string_view>

namespace suture {

/// Suture's own version, as in CMakeLists.txt.
std::string_view version();

}  // namespace suture
