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

/// And with the names of what it refers to, except for what it calls: that counts as an instruction.
Features with_names(Features features, const std::set<std::string>& names);

/// From 0 (nothing in common) to 1 (the same instructions).
double likeness(const Features& a, const Features& b);

/// How much of `a` the one candidate has, and the other has not.
std::size_t explained_only_by(const Features& a, const Features& candidate, const Features& other);

/// What a shipped function refers to, in code or data: addresses of vmlinux, or places of its module.
struct References {
  std::set<std::uint64_t> addresses;
  std::set<Place> places;

  /// Whether one of them lies in the symbol.
  bool reach(const ObjectSymbol& symbol) const;
};

References references_of(const Shipped& shipped, const ObjectSymbol& function);

}  // namespace suture::check
