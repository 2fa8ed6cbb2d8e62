// From two builds of one source file to what a live patch must carry of it.
#pragma once

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
};

/// Fails on objects that cannot be understood. A change that cannot be carried is no failure: it is
/// in Delta::refusals.
Result<Delta> diff(const Unit& unit, const EntrySizes& sizes);

}  // namespace suture::patch
