// Livepatch looks for replaced functions on the stacks of tasks before it lets their code go
// (klp_check_stack_func(), kernel/livepatch/transition.c). Code that a function has jumped to is on
// the stack in its stead: its cold part, or what it calls last. Livepatch knows nothing of that, and
// would unload it under a task that sleeps there.
//
// Livepatch takes a function to reach up to the next symbol that has a name (find_kallsyms_symbol(),
// kernel/module/kallsyms.c), and names that begin with ".L" count as none there. So what a replaced
// function jumps to is put right behind it, under such names.
#pragma once

#include <map>
#include <vector>

#include "patch/emit/assembly.h"

namespace suture::patch::emitter {

/// What names begin with that are none to the kernel.
constexpr std::string_view nameless_prefix = ".L.";

/// A section of a part, by their indices.
struct PartSection {
  std::size_t part = 0;
  elf::SectionIndex section = 0;
  auto operator<=>(const PartSection&) const = default;
};

/// Sections of code that are to lie right behind another one, in this order. Each follows one only.
using Followers = std::map<PartSection, std::vector<PartSection>>;

/// For every section with a function that livepatch is told of.
Followers find_followers(const std::vector<Part>& parts);

}  // namespace suture::patch::emitter
