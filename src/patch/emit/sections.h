// Which sections a live patch has, and what the module loader does with them.
//
// Objects come with one section a function or variable; the module gets the sections that kbuild's
// modules have: .text, .text.unlikely, .rodata, .data and so on, each piece at its own alignment.
// kbuild itself would keep .text.NAME apart (scripts/module.lds of 6.1 and 6.12 merges only a few
// tables), but it never compiles modules with one section a function. Merging has reasons:
//   - the loader makes a file in /sys/module/NAME/sections of every section, and livepatch keeps a
//     copy of all section headers as long as the module is loaded;
//   - one .klp.rela.OBJECT.SECTION is needed for each section that is relocated;
//   - module_finalize() (arch/x86/kernel/module.c) looks for ".text" by name and gives up the lock
//     prefixes of a machine with one CPU only inside it;
//   - a live patch can be compared with a kbuild module section by section.
#pragma once

#include <string>
#include <string_view>

#include "elf/object.h"

namespace suture::patch::emitter {

/// The section of the module that takes the content of `section`, an input's; empty if none does,
/// since the section serves only the linker, the debugger, or what a live patch does not have
/// (exports, parameters, initcalls).
std::string module_section(const elf::Section& section);

/// Whether its content is code, or data that only code reads. All other sections are tables that the
/// loader reads while the module loads, before relocations of a module that comes later.
bool is_left_alone_by_loader(const elf::Section& section);

/// Whether the loader frees it when the module has been initialised, or may skip it
/// (module_init_section() and module_exit_section(), kernel/module/main.c).
bool is_discarded_after_init(std::string_view name);

/// What scripts/module.lds aligns the whole section to: 1 where it says nothing.
std::uint64_t least_alignment(std::string_view name);

/// Whether gaps between its pieces do no harm: not so in tables, where they would be entries.
bool may_be_padded(const elf::Section& section);

}  // namespace suture::patch::emitter
