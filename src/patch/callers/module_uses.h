// Who leads to a function from within a shipped module: its relocations say.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "patch/callers/shipped_use.h"

namespace suture::image {
class ShippedModule;
}

namespace suture::patch {

/// Every use in `module` of functions: `own`, by their indices in its symbol table, and `imported`, by
/// their names; in ShippedUse::function stands the symbol's index. Uses by the function itself, by tables
/// of exports, and by what only describes code are left out; init and exit code is not.
std::vector<ShippedUse> find_module_uses(const image::ShippedModule& module, const std::set<std::uint64_t>& own,
                                         const std::set<std::string>& imported);

}  // namespace suture::patch
