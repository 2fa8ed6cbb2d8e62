// The single checks, in the order in which check_module() runs them. Each looks at one thing, adds
// what it finds to the report, and relies on nothing but the module's file and the shipped kernel.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "check/check.h"
#include "check/code.h"
#include "check/module_file.h"
#include "check/patch_tables.h"
#include "check/shipped.h"

namespace suture::check {

/// What every check sees, and where it reports.
struct Context {
  const ModuleFile& module;
  const Code& code;
  const Shipped& shipped;
  CheckReport& report;

  template <typename... Args>
  void finding(std::string_view id, std::string place, fmt::format_string<Args...> format, Args&&... args) const {
    report.findings.push_back({std::string(id), std::move(place), fmt::format(format, std::forward<Args>(args)...)});
  }
  template <typename... Args>
  void note(std::string_view id, std::string place, fmt::format_string<Args...> format, Args&&... args) const {
    report.notes.push_back({std::string(id), std::move(place), fmt::format(format, std::forward<Args>(args)...)});
  }
  void examined(std::string what, std::uint64_t count) const { report.examined.push_back({std::move(what), count}); }
};

// The file, as the module loader takes it apart.

/// On the bytes, before anything else reads them. Fails where nothing further can be read.
Status check_elf(ByteView file, std::string_view name, CheckReport& report);
/// .gnu.linkonce.this_module: exactly one, of this kernel's size, its pointers in their places.
void check_this_module(const Context& context);
/// .modinfo: what the loader, kmod and livepatch read from it.
void check_modinfo(const Context& context);
/// Undefined symbols are exports of this kernel, with their versions and namespaces.
void check_imports(const Context& context);
/// Relocations that the loader can apply, to places and symbols that make sense.
void check_relocations(const Context& context);

// Livepatch.

/// struct klp_patch and all that it holds: every function resolves to one traceable function.
void check_patch(const Context& context, const PatchTables& patch);
/// SHN_LIVEPATCH symbols and livepatch relocation sections.
void check_livepatch_symbols(const Context& context);
/// Code of the module that nothing can reach, and replaced code that stays reachable.
void check_reachability(const Context& context, const PatchTables& patch);
/// Where a name occurs several times, the shipped code must bear out the position that was chosen.
void check_positions(const Context& context, const PatchTables& patch);
/// The kernel and the modules that the patch says it is for are the shipped ones.
void check_identity(const Context& context, const PatchTables& patch);
/// Livepatch finds tasks that sleep in code to which a replacing function jumped.
void check_left_by_jumps(const Context& context, const PatchTables& patch);

// The tables by which the kernel changes or describes the module's code.

/// Every entry refers to an instruction of the right kind.
void check_code_tables(const Context& context);
/// Every instruction that needs an entry has one.
void check_coverage(const Context& context);
/// Every trap of a BUG() or WARN() is known to the kernel as one.
void check_traps(const Context& context, const PatchTables& patch);
/// Every address of code leads to an instruction that an indirect call may land on.
void check_indirect_targets(const Context& context, const PatchTables& patch);
/// Functions have room before them for what counts calls, and calls are listed for it.
void check_call_padding(const Context& context);
/// No code holds what the kernel fills in at boot, and in vmlinux only.
void check_runtime_constants(const Context& context, const PatchTables& patch);
/// .orc_unwind describes the stack as the code changes it.
void check_unwinding(const Context& context);
/// No section that the loader would act on, and that a live patch must not have.
void check_sections(const Context& context);

}  // namespace suture::check
