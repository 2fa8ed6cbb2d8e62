// What emit needs to know of a kernel. Apart from image::KernelImage, so that tests can make one up.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "image/kallsyms.h"
#include "image/symvers.h"
#include "patch/emit/emit.h"
#include "patch/emit/layouts.h"

namespace suture::patch::emitter {

struct EmitKernel {
  const image::Kallsyms* symbols = nullptr;
  const image::Symvers* symvers = nullptr;
  KernelLayouts layouts = {};
  Bytes build_id = {};
  /// Whether livepatch sets a module's relocations back when the module goes (clear_relocate_add(),
  /// since 6.3).
  bool clears_relocations = false;
  /// Whether functions must begin with ENDBR64 for indirect calls to reach them (IBT).
  bool tracks_indirect_branches = false;
  /// KernelImage::is_indirect_target(); asked only where they must.
  std::function<bool(std::uint64_t)> is_indirect_target = {};
  /// Whether an address lies in memory that is given back after boot.
  std::function<bool(std::uint64_t)> in_init = {};
};

/// emit(), for such a kernel; request.image is not looked at.
Result<EmitResult> emit_for(const EmitKernel& kernel, const EmitRequest& request);

}  // namespace suture::patch::emitter
