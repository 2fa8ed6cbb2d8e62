// Carries the parts' relocations over into the module, with every symbol resolved.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "patch/emit/assembly.h"
#include "patch/emit/layouts.h"
#include "patch/emit/resolve.h"

namespace suture::patch::emitter {

struct Relocated {
  std::set<std::string> exports;            ///< of vmlinux, that the module refers to
  std::map<std::string, std::size_t> late;  ///< relocations that livepatch applies when a module comes, by module
};

/// After success every relocation is one of the six kinds that the loader knows, its field lies in
/// its section and holds zero (apply_relocate_add(), arch/x86/kernel/module.c, refuses anything else
/// and counts on the addend alone), and symbols are either in the module, exported by vmlinux, or
/// livepatch's. What cannot be resolved, or would be resolved too late, is added to `refusals`.
Result<Relocated> relocate(Assembly& assembly, const std::vector<Part>& parts, const Resolver& resolver,
                           std::vector<Refusal>& refusals);

/// Takes calls that livepatch binds once a module is there out of `.call_sites`: the kernel reads it
/// when it loads the live patch, and would take the next instruction for what is called.
void drop_late_calls(elf::Object& module);

/// Refuses relocations of modules inside instructions that alternatives replace: the loader does that
/// before livepatch applies them, so they would land in other code.
void check_alternatives(const elf::Object& module, const KernelLayouts& layouts, std::vector<Refusal>& refusals);

/// Fails unless `__mcount_loc` lists exactly the calls to __fentry__, where there are any: ftrace
/// turns only what is listed into a nop.
Status check_call_sites(const elf::Object& module);

}  // namespace suture::patch::emitter
