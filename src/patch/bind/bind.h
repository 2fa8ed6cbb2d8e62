// Gives what a delta refers to its place in the shipped image, from a list of that image's symbols:
// livepatch symbols `.klp.sym.OBJECT.NAME,POSITION` and `.klp.rela.OBJECT.SECTION` relocations
// (Documentation/livepatch/module-elf-format.rst). For use without a kit; with one, code match finds
// the places from the shipped code itself.
//
// A local name can be there many times. Which one is ours, the FILE symbols say: the linker keeps
// each object's local symbols behind the name of its source file. Files of one name are told apart
// by what else lies in them: the right one has every local symbol of the original object.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "elf/object.h"
#include "patch/bind/symbol_list.h"
#include "patch/delta.h"

namespace suture::patch {

struct Bound {
  std::map<std::string, std::size_t> positions;  ///< of each replaced function, by DeltaFunction::name
  std::vector<Refusal> refusals;                 ///< "unresolved-symbol", "ambiguous-symbol"; when not empty, the
                                                 ///< delta must not be used
};

/// After this: what the original object defines, and what the shipped object holds without
/// exporting it, are livepatch symbols of `delta.object`; the rest stays undefined by name.
/// `object` is "vmlinux" or the module's name with underscores.
Bound bind(Delta& delta, const elf::Object& original, const SymbolList& shipped, std::string_view object);

}  // namespace suture::patch
