// From two builds of one source file to what a live patch must carry of it.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "elf/object.h"
#include "patch/delta.h"
#include "patch/passes/tables.h"

namespace suture::patch {

struct Unit {
  std::string source;              ///< what reports call it: its path in the kernel tree
  std::string object = "vmlinux";  ///< or the module's name
  elf::Object original;            ///< both compiled with -ffunction-sections -fdata-sections
  elf::Object patched;
  /// `patched`, compiled with an overlay (passes/overlay.h). Asked for by Delta::wants_overlay.
  const elf::Object* overlaid = nullptr;
  /// Functions of other files that have moved (DeltaFunction::moved): what calls them here is replaced.
  /// None: nobody looks for callers in other files, so that what they could call may not move.
  std::optional<std::set<std::string>> moved = {};
  /// Of passes/accept.h: what such a code refuses stays as it is instead, with the warning "unfixed".
  std::set<std::string> accepted = {};
};

/// Fails on objects that cannot be understood. A change that cannot be carried is no failure: it is
/// in Delta::refusals.
Result<Delta> diff(const Unit& unit, const EntrySizes& sizes);

}  // namespace suture::patch
