// Who inlined what, from the debug information that a compiler left in an object.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::builder {

/// A function as its source defines it.
struct SourceFunction {
  std::string name;
  std::string file;        ///< as an absolute path, if the compiler was in one
  std::uint64_t line = 0;  ///< of its name
  auto operator<=>(const SourceFunction&) const = default;
};

/// By the source's name of a function that has code of its own: the functions whose code was put into it, those in
/// others that were put into it too. Of a function in several parts (.isra, .constprop, .cold) all parts count.
using InlinedFunctions = std::map<std::string, std::set<SourceFunction>, std::less<>>;

/// `object` is relocatable and has DWARF, of which `-g1` is enough. Nothing where there is none.
/// DWARF 5, 3.3.8.2 (DW_TAG_inlined_subroutine).
Result<InlinedFunctions> read_inlined_functions(ByteView object, const std::string& name);

}  // namespace suture::builder
