#include "builder/compare/diff_unit.h"

#include "builder/compile/key_reading.h"
#include "builder/compile/overlay.h"

namespace suture::builder {

Result<UnitDelta> diff_unit(const Compiler& compiler, const KbuildObject& how, const std::vector<PatchedFile>& fix,
                            ShippedFiles& shipped, patch::Unit unit) {
  const auto sizes = shipped.entry_sizes();
  UnitDelta result{.delta = TRY(patch::diff(unit, sizes))};
  // Only vmlinux has such constants, and only code of modules tests modules' keys.
  if (result.delta.wants_overlay) {
    const auto overlaid = TRY(compile_overlaid(compiler, how, fix));
    if (!overlaid) return result;
    unit.overlaid = &overlaid->object;
    result = {.delta = TRY(patch::diff(unit, sizes)), .slowest_compile = overlaid->seconds};
    return result;
  }
  auto reading = TRY(diff_reading_keys(compiler, how, fix, shipped, std::move(unit), result.delta));
  return reading ? std::move(*reading) : std::move(result);
}

}  // namespace suture::builder
