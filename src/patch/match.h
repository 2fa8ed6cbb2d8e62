// Code match: a rebuilt original function must equal the shipped one, relocated fields masked. What
// the shipped bytes hold in those fields then gives the true address of every symbol that the
// function refers to, static ones too, and so its position for livepatch.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elf/object.h"
#include "image/kernel_image.h"
#include "image/shipped_module.h"

namespace suture::patch {

/// A symbol of a shipped object, as livepatch names it.
struct ShippedSymbol {
  std::string name;           ///< in the shipped object's symbol table or kallsyms
  std::size_t position = 0;   ///< livepatch's sympos: 0 when the name is unique, else 1-based
  std::uint64_t address = 0;  ///< vmlinux: virtual address; module: index into ShippedModule's symbols
  bool operator==(const ShippedSymbol&) const = default;
};

struct Mismatch {
  std::string function;
  std::uint64_t offset = 0;  ///< of the first differing instruction, from the function's start
  std::string rebuilt;       ///< that instruction, disassembled, from the rebuilt object
  std::string shipped;       ///< and from the shipped one; or why there is none ("not in the shipped kernel")
};

struct MatchResult {
  std::vector<std::string> checked;  ///< every function that was asked for
  std::vector<std::string> matched;
  std::vector<Mismatch> mismatched;
  /// Symbol name in the rebuilt object -> the shipped symbol, for everything that matched code
  /// refers to or is. Static locals keep their compiler-given names ("count.3").
  std::map<std::string, ShippedSymbol> symbols;
};

/// Matches the functions of `names` (all functions of the object if empty) of `rebuilt`, compiled
/// as shipped (without section flags), against the shipped vmlinux.
Result<MatchResult> match_vmlinux(const elf::Object& rebuilt, const image::KernelImage& shipped,
                                  const std::vector<std::string>& names);

/// The same against a shipped module, whose own relocations stand for addresses.
Result<MatchResult> match_module(const elf::Object& rebuilt, const image::ShippedModule& shipped,
                                 const std::vector<std::string>& names);

/// Shows that `sectioned` (compiled with one section a function) is the code of `plain`: every
/// function equal modulo branch relaxation (the same instructions with the same targets, where a
/// short jump may have become a near one). Returns the first difference of each that is not.
std::vector<Mismatch> compare_builds(const elf::Object& plain, const elf::Object& sectioned);

}  // namespace suture::patch
