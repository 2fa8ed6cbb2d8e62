// What every undefined symbol of the units stands for.
//
// A name is looked up like a linker would have, had the fix been in the tree: first among what the
// fix itself adds, then in the unit's own object, then among exports. What nobody exports livepatch
// can still reach by name and position (`.klp.sym.OBJECT.NAME,POSITION`,
// Documentation/livepatch/module-elf-format.rst).
#pragma once

#include <map>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "patch/emit/assembly.h"
#include "patch/emit/kernel.h"

namespace suture::patch::emitter {

struct TableSymbols;

struct Binding {
  enum class Kind {
    definition,  ///< a symbol of this module
    exported,    ///< by vmlinux: the loader resolves it, by name and checksum
    livepatch,   ///< livepatch resolves it, when `object` is there
    absent,      ///< weak, and the kernel has none: zero, as in the kernel itself
  };
  Kind kind = Kind::absent;
  elf::SymbolIndex symbol = 0;  ///< definition: in the assembly
  std::string name = {};        ///< exported: its own; livepatch: in livepatch's form
  std::string object = {};      ///< livepatch: the object that has it
  bool is_call_only = false;    ///< a shipped function that no indirect call may lead to
};

/// A function or variable in the shipped vmlinux or module, as livepatch finds it.
struct ShippedName {
  std::string name;
  std::size_t position = 0;
};

class Resolver {
 public:
  /// `parts` have been placed.
  Resolver(const EmitKernel& kernel, const std::vector<Part>& parts);

  /// Symbols of the assembly that parts see by these names. A module's own `__this_module` is not the
  /// live patch's; only the scaffold means the latter.
  void provide(const TableSymbols& tables);

  /// `symbol` is undefined in `part`.
  tl::expected<Binding, Refusal> resolve(const Part& part, elf::SymbolIndex symbol) const;

  /// The shipped function that `function` of `unit` is to replace.
  tl::expected<ShippedName, Refusal> replaced(const EmitUnit& unit, const DeltaFunction& function) const;

 private:
  struct Definition {
    const Part* part;
    elf::SymbolIndex symbol;  // in the assembly
  };

  tl::expected<Binding, Refusal> resolve_original(const Part& part, const std::string& original) const;
  tl::expected<Binding, Refusal> resolve_name(const Part& part, const std::string& name, bool weak) const;
  tl::expected<ShippedName, Refusal> find_shipped(const Part& part, const std::string& name, bool only_global) const;
  tl::expected<Binding, Refusal> livepatch_symbol(const Part& part, const std::string& object,
                                                  const ShippedName& symbol) const;
  Binding exported(const std::string& name) const;
  bool is_call_only(const Part& part, const std::string& object, const ShippedName& symbol) const;
  const Definition* find_definition(const Part& part, const std::string& name) const;

  const EmitKernel& kernel_;
  std::map<std::string, elf::SymbolIndex> own_;
  elf::SymbolIndex this_module_ = 0;
  std::map<std::string, std::vector<Definition>> definitions_;
};

}  // namespace suture::patch::emitter
