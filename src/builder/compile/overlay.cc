#include "builder/compile/overlay.h"

#include <algorithm>

namespace suture::builder {
namespace {

// What architectures without runtime constants use (include/asm-generic/runtime-const.h).
constexpr auto runtime_const = "arch/x86/include/asm/runtime-const.h";
constexpr auto variables = "#include <asm-generic/runtime-const.h>\n";

}  // namespace

Result<std::optional<Overlaid>> compile_overlaid(const Compiler& compiler, const KbuildObject& how,
                                                 const std::vector<PatchedFile>& fix) {
  auto text = compiler.source_text(runtime_const);
  if (!text || std::ranges::find(fix, runtime_const, &PatchedFile::path) != fix.end()) return std::nullopt;
  auto files = fix;
  files.push_back({.path = runtime_const, .original = std::move(*text), .patched = variables});
  const auto original = TRY(compiler.original(how, Layout::typed));
  const auto compiled = TRY(compiler.patched(how, Layout::sectioned, files, original.dependencies));
  auto object = TRY(elf::read_object(compiled.object, how.source + " (with the fix, reading variables)"));
  return Overlaid{std::move(object), compiled.seconds};
}

}  // namespace suture::builder
