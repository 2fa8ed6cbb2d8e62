// Code match: a rebuilt original function must equal the shipped one, relocated fields masked. What
// the shipped bytes hold in those fields then gives the true address of every symbol that the
// function refers to, static ones too, and so its position for livepatch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "elf/object.h"

namespace suture::image {
class KernelImage;
class ShippedModule;
}  // namespace suture::image

namespace suture::patch {

/// A symbol of a shipped object, as livepatch names it.
struct ShippedSymbol {
  std::string name;           ///< in the shipped object's symbol table or kallsyms
  std::size_t position = 0;   ///< livepatch's sympos: 0 when the name is unique, else 1-based
  std::uint64_t address = 0;  ///< vmlinux: virtual address; module: index into its symbol table
  bool operator==(const ShippedSymbol&) const = default;
};

/// Why a rebuilt function is not the shipped one.
enum class Difference {
  code,        ///< an instruction differs
  reference,   ///< the same instructions, but one refers to something else
  absent,      ///< the shipped object has no symbol of its name
  overridden,  ///< weak here; the shipped object uses another definition
  displaced,   ///< its name is in the shipped object, but not where its file's other code says
  ambiguous,   ///< several shipped functions fit, and nothing tells which is this one
  unreadable,  ///< the rebuilt function has no bytes, or reaches beyond its section
};
std::string_view to_string(Difference difference);

struct Mismatch {
  std::string function = {};
  Difference difference = Difference::code;
  std::uint64_t offset = 0;  ///< of the first differing instruction, from the function's start
  std::string rebuilt = {};  ///< that instruction, disassembled, from the rebuilt object
  std::string shipped = {};  ///< and from the shipped one; or in words why there is none
};

struct MatchResult {
  std::vector<std::string> checked;  ///< every function that was asked for, in symbol order
  std::vector<std::string> matched;
  std::vector<Mismatch> mismatched;
  /// Symbol name in the rebuilt object -> the shipped symbol: for matched functions, for what they
  /// refer to, and for everything else that the rebuilt object defines beside these. Static locals
  /// keep their compiler-given names ("count.3").
  std::map<std::string, ShippedSymbol> symbols;
  /// Symbols whose shipped counterpart is known too, but which livepatch cannot find, and why: names
  /// that a module's init code or data shares.
  std::map<std::string, std::string> unreachable;
};

/// Matches the functions of `names` (all functions of the object if empty) of `rebuilt`, compiled
/// as shipped (without section flags), against the shipped vmlinux. The object's other functions
/// serve as evidence. Fails when a name is no function of the object.
Result<MatchResult> match_vmlinux(const elf::Object& rebuilt, const image::KernelImage& shipped,
                                  const std::vector<std::string>& names);

/// The same against a shipped module, whose own relocations stand for addresses.
Result<MatchResult> match_module(const elf::Object& rebuilt, const image::ShippedModule& shipped,
                                 const std::vector<std::string>& names);

/// Lists the tests of static keys in an object that was compiled to read them (builder/compile/key_reading.h), in
/// the form of __jump_table; what it names begins with a cmp, and a conditional jump comes after it.
constexpr std::string_view read_keys_section = ".discard.suture_keys";

/// Shows that `sectioned` (compiled with one section a function) is the code of `plain`: every
/// function equal modulo branch relaxation (the same instructions with the same targets, where a
/// short jump may have become a near one, and alignment differs). Where one tests a static key, the
/// other may read it. Returns the first difference of each that is not; `shipped` in these is the
/// instruction of `sectioned`.
std::vector<Mismatch> compare_builds(const elf::Object& plain, const elf::Object& sectioned);

}  // namespace suture::patch
