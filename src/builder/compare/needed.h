// Which sources of a fix the live patch has to carry.
#pragma once

#include <vector>

#include "builder/compare/code_match.h"
#include "patch/refusal.h"

namespace suture::builder {

/// Leaves out the units that only add what nothing leads to. What stays replaces a function, has a
/// callback, or defines a global name that another unit which stays refers to. A fix of which no unit
/// stays changes nothing of what the kernel does. Returns a warning, "unneeded", for each one left out.
std::vector<patch::Warning> leave_out_unneeded(std::vector<Unit>& units);

}  // namespace suture::builder
