// What module_init() and module_exit() make of a function (include/linux/module.h): an alias of it, by which the
// module loader finds it.
#pragma once

#include <string_view>

namespace suture::patch {

constexpr std::string_view init_alias = "init_module";
constexpr std::string_view exit_alias = "cleanup_module";

constexpr bool is_entry_alias(std::string_view symbol) { return symbol == init_alias || symbol == exit_alias; }

}  // namespace suture::patch
