// What a function refers to, by name: symbols, and the text of strings. Unlike addresses, names can be
// compared between the live patch and what it replaces.
#pragma once

#include <set>
#include <string>

#include "check/module_file.h"
#include "check/object_symbols.h"
#include "check/shipped.h"

namespace suture::check {

std::set<std::string> names_referred_to(const ModuleFile& module, const Symbol& function);
/// By a shipped function; empty if its code cannot be read.
std::set<std::string> names_referred_to(const Shipped& shipped, const ObjectSymbol& function);

}  // namespace suture::check
