// Who calls a function of the shipped kernel: for functions that cannot be replaced, which a live patch
// reaches through all that call them.
#pragma once

#include <string>
#include <vector>

#include "check/object_symbols.h"
#include "check/shipped.h"

namespace suture::check {

struct Caller {
  std::string object;  ///< "vmlinux" or a module
  std::string name;    ///< of the function, or of what holds the address
  ObjectSymbol symbol;
};

/// Functions that stay and have a direct call or jump to `function`, an ObjectSymbol that was found in
/// `object`; if that exports it, everything in the modules that import it too. Fails where a module cannot
/// be read.
Result<std::vector<Caller>> callers_of(const Shipped& shipped, const std::string& object, const ObjectSymbol& function);

}  // namespace suture::check
