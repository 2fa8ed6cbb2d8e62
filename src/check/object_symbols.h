// Finding a symbol of vmlinux or of a module as livepatch does: by name, and by counting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/shipped.h"

namespace suture::check {

/// What klp_find_object_symbol() (kernel/livepatch/core.c) finds.
struct ObjectSymbol {
  std::string problem;    ///< why there is none; empty when found
  std::size_t among = 0;  ///< how many symbols of the object carry the name

  // One of the two, when found.
  std::optional<KernelSymbol> in_kernel;
  const Symbol* in_module = nullptr;
  const ModuleFile* module = nullptr;  ///< also when not found, if the kernel ships the module

  bool found() const { return problem.empty(); }
  /// Found in memory that is given back once the kernel, or the module, has started.
  bool in_init(const Shipped& shipped) const;
  bool is_function() const;
  /// A symbol of the object that carries the name too, but was not chosen.
  bool is_ambiguous() const { return among > 1; }
};

/// `object` is "vmlinux" or a module's name; `position` is 0 for a name that must be unique, else
/// counts from 1. In a module the symbol must be found both while the module is being loaded, when
/// its whole symbol table counts, and once it runs, when only what stays in memory does.
ObjectSymbol find_object_symbol(const Shipped& shipped, std::string_view object, std::string_view name,
                                std::uint64_t position);

/// All that carry the name in the object, in counting order; in a module, while it is being loaded.
std::vector<ObjectSymbol> all_object_symbols(const Shipped& shipped, std::string_view object, std::string_view name);

/// The function's machine code; none where it cannot be read.
std::optional<ByteView> code_of(const Shipped& shipped, const ObjectSymbol& function);

/// Whether ftrace can hook into the function: the module's own table of call sites, or vmlinux'.
bool is_traceable(const Shipped& shipped, const ObjectSymbol& function);

}  // namespace suture::check
