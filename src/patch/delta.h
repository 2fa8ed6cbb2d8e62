// What differs between a source file's original and patched object, cut out so that it can be moved
// into a live patch: the result of the passes, and the input of emit.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elf/object.h"
#include "patch/refusal.h"

namespace suture::patch {

enum class Why { changed, added, promoted };
std::string_view to_string(Why why);

/// A function that the live patch carries.
struct DeltaFunction {
  std::string name;  ///< in the patched object
  Why why = Why::changed;
  elf::SymbolIndex symbol = 0;           ///< in Delta::object, defined, STT_FUNC
  std::string difference = {};           ///< what differs from the original, in words; empty when added
  std::string original = {};             ///< its name in the original object; empty when added. The one to be replaced.
  elf::SymbolIndex original_symbol = 0;  ///< its symbol there; 0 when added
  /// Nothing can redirect the original, which has no fentry: whatever calls it must be replaced too. What
  /// does so in this file, is (passes/promote.h); this one is called from other files by its global names.
  bool moved = false;
  std::vector<std::string> global_names = {};  ///< of the original; empty if it is static
  std::string through = {};                    ///< when promoted: the moved function that it calls
};

/// What an undefined symbol of Delta::object stands for.
struct DeltaReference {
  elf::SymbolIndex symbol = 0;  ///< in Delta::object, undefined
  /// Its name in the original object if that object defines it (a function or variable that stays
  /// where it is: static or global); empty if it was undefined there too, or is new: then it is
  /// found by its name among the other files of the fix, the exports, and the object's symbols.
  std::string original;
  elf::SymbolIndex original_symbol = 0;  ///< its symbol in the original object; 0 if that does not define it
};

/// A refused change of a variable's initial value that one store could make in the running kernel.
struct InitialValue {
  std::string variable;                ///< its name in C, at the end of the source file
  std::uint64_t offset = 0, size = 0;  ///< of the word in it that changed: 1, 2, 4 or 8 bytes, aligned
  std::string before, after;           ///< what it holds, as C
  std::string elsewhere{};             ///< the name in `after` if this file only refers to it; empty otherwise
};

struct Delta {
  std::string source;  ///< "net/ipv4/tcp_cubic.c"
  elf::Object object;  ///< one section a function or variable; special sections hold only what belongs to them
  std::vector<std::string> namespaces;  ///< of symbols, that the patched source imports (MODULE_IMPORT_NS)
  std::vector<DeltaFunction> functions;
  std::vector<DeltaReference> references;  ///< one for each undefined symbol, in symbol order
  /// Functions of the original that call moved ones, and that the fixed source no longer has: replaced
  /// code does not lead to them.
  std::vector<std::string> vanished;
  /// Refused, or some of it, for what an overlay avoids: compile again, and give Unit::overlaid.
  bool wants_overlay = false;
  std::vector<Refusal> refusals;  ///< when not empty, `object` must not be used
  /// By the place of the refusal "data-changed".
  std::map<std::string, InitialValue> initial_values;
  std::vector<Warning> warnings;

  bool has_changes() const { return object.symbols.size() > 1 || !refusals.empty(); }
};

}  // namespace suture::patch
