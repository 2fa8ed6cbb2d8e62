// What the name of a section says about when its code runs (include/linux/init.h,
// include/asm-generic/vmlinux.lds.h, from Linux 3.x to 6.12).
#pragma once

#include <string_view>

namespace suture::patch {

/// Runs, or is read, once at boot or when its module is loaded; then the memory is given back.
bool is_init(std::string_view section);
/// Runs only when its module is unloaded.
bool is_exit(std::string_view section);
/// Runs where nothing may be traced.
bool is_noinstr(std::string_view section);
/// Lists functions for others to look up, and is no way into them (NOKPROBE_SYMBOL(),
/// ALLOW_ERROR_INJECTION()).
bool only_describes(std::string_view section);

}  // namespace suture::patch
