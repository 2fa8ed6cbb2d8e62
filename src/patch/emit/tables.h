// The tables that a live patch consists of, for the kernel's livepatch core and for the scaffold.
#pragma once

#include "patch/emit/author.h"
#include "patch/emit/kernel.h"
#include "patch/emit/resolve.h"

namespace suture::patch::emitter {

struct TableFunction {
  ShippedName shipped;
  elf::SymbolIndex replacement = 0;  ///< in the assembly
};

struct TableObject {
  std::string name;  ///< "vmlinux", or the module's
  const image::ShippedModule* module = nullptr;
  std::vector<TableFunction> functions = {};
};

/// What the scaffold and fixes may refer to.
struct TableSymbols {
  elf::SymbolIndex patch = 0;        ///< suture_patch
  elf::SymbolIndex kernel = 0;       ///< suture_kernel
  elf::SymbolIndex targets = 0;      ///< suture_targets
  elf::SymbolIndex this_module = 0;  ///< __this_module
};

/// Everything in the module that points to these tables or is pointed to by them has been placed.
/// `objects` are in the order in which the kernel is to see them.
Result<TableSymbols> write_tables(Assembly& assembly, const EmitKernel& kernel, const std::string& module_name,
                                  const std::vector<TableObject>& objects, const AuthorWishes& wishes,
                                  const Part& scaffold);

/// Tells the scaffold which fields hold addresses in modules, and whether the kernel clears them by itself
/// when the module goes. All relocations have been written.
Status write_late_fields(Assembly& assembly, const TableSymbols& tables, const std::vector<TableObject>& objects,
                         bool kernel_clears);

}  // namespace suture::patch::emitter
