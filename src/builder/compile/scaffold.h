#pragma once

#include "base/result.h"
#include "elf/object.h"
#include "kit/kit.h"

namespace suture::builder {

/// What all live patches share (patch/emit/scaffold.h), compiled as a source of a module of the kit's
/// kernel, with all that goes with it there: return sites, ORC, ftrace. Kept in the kit's cache.
Result<elf::Object> compile_scaffold(const kit::Kit& kit);

}  // namespace suture::builder
