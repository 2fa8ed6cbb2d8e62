#pragma once

#include <string_view>

namespace suture::kit {

/// Whether a kit leaves out this path of the kernel's source tree ("Documentation/index.rst"): what no
/// x86 kernel object is ever compiled from, a third of all files. A diff may well touch such paths;
/// they do not change the kernel.
bool left_out(std::string_view path);

}  // namespace suture::kit
