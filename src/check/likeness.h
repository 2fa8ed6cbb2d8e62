// Comparing code of the module with code of the shipped kernel, without knowing what was changed:
// how alike two functions are, and what a shipped function refers to.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "check/code.h"
#include "check/module_file.h"
#include "check/object_symbols.h"
#include "check/shipped.h"

namespace suture::check {

/// A function as a bag of instructions: each with what depends on where code lies taken out, and
/// with the name of what it calls. Padding is left out.
using Features = std::map<std::string, std::size_t>;

Features features_of(const ModuleFile& module, const Symbol& function);
/// Of a shipped function; empty if its code cannot be read.
Features features_of(const Shipped& shipped, const ObjectSymbol& function);

/// From 0 (nothing in common) to 1 (the same instructions).
double likeness(const Features& a, const Features& b);

/// How many instructions of `a` one of several candidates has that not all of them have; one that only
/// it has counts 1, one that all but one have next to nothing. So what small functions have in common
/// tells nothing.
double distinctive_likeness(const Features& a, const Features& candidate, const std::vector<Features>& candidates);

/// What a shipped function refers to, in code or data: addresses of vmlinux, or places of its module.
struct References {
  std::set<std::uint64_t> addresses;
  std::set<Place> places;

  /// Whether one of them lies in the symbol.
  bool reach(const ObjectSymbol& symbol) const;
};

References references_of(const Shipped& shipped, const ObjectSymbol& function);

}  // namespace suture::check
