#include "builder/compare/code_match.h"

#include <algorithm>

namespace suture::builder {
namespace {

patch::Refusal mismatch_refusal(const Unit& unit, const patch::Mismatch& mismatch) {
  auto place = fmt::format("{}: {}", unit.delta.source, mismatch.function);
  if (mismatch.difference == patch::Difference::overridden) {
    return {"weak-function", std::move(place),
            "the function is __weak here, and the kernel runs another definition: " + mismatch.shipped,
            "fix the definition that is in use"};
  }
  return {"code-mismatch", std::move(place),
          fmt::format("the rebuilt original is not what {} runs ({}): +{:#x}: rebuilt {}, shipped {}", unit.object,
                      patch::to_string(mismatch.difference), mismatch.offset, mismatch.rebuilt, mismatch.shipped),
          "check that the kit's compiler is the one that built the kernel, and that the function is compiled once"};
}

}  // namespace

Result<std::vector<patch::Refusal>> match_code(Unit& unit, ShippedFiles& shipped, ReportedMatch& report) {
  std::vector<std::string> names;
  for (const auto& function : unit.delta.functions) {
    if (!function.original.empty()) names.push_back(function.original);
  }
  const auto& plain = *unit.source->shipped;
  if (unit.object == "vmlinux") {
    unit.match = TRY(patch::match_vmlinux(plain, shipped.image(), names));
  } else {
    const auto* module = TRY(shipped.module(unit.object));
    unit.match = TRY(patch::match_module(plain, *module, names));
  }
  std::vector<patch::Refusal> refusals;
  report.checked += unit.match.checked.size();
  report.matched += unit.match.matched.size();
  for (const auto& mismatch : unit.match.mismatched) {
    report.mismatched.push_back(
        {unit.delta.source, mismatch.function, mismatch.offset, mismatch.rebuilt, mismatch.shipped});
    refusals.push_back(mismatch_refusal(unit, mismatch));
  }
  for (const auto& difference : patch::compare_builds(plain, unit.source->original)) {
    if (std::ranges::find(names, difference.function) == names.end()) continue;
    refusals.push_back(
        {"build-variance", fmt::format("{}: {}", unit.delta.source, difference.function),
         fmt::format("compiled with one section a function, the code is another: +{:#x}: {} instead of {}",
                     difference.offset, difference.shipped, difference.rebuilt),
         "report this as a fault of Suture, with the fix"});
  }
  return refusals;
}

}  // namespace suture::builder
