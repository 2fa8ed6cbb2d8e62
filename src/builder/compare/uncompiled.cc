#include "builder/compare/uncompiled.h"

#include <algorithm>

#include "base/words.h"
#include "builder/fix/conditional_groups.h"
#include "builder/fix/line_marks.h"

namespace suture::builder {
namespace {

std::string with_line(std::string_view text, std::size_t number, std::string_view added) {
  std::string out;
  std::size_t at = 0;
  for (const auto line : lines_of(text)) {
    if (++at == number) out += fmt::format("{}\n", added);
    out += fmt::format("{}\n", line);
  }
  return out;
}

class Expanding {
 public:
  /// `original_files`: what compiling the original has read.
  Expanding(const Compiler& compiler, const KbuildObject& how, std::vector<PatchedFile> tree,
            std::vector<std::string> original_files)
      : compiler_(compiler), how_(how), tree_(std::move(tree)), original_files_(std::move(original_files)) {}

  Result<Bytes> with(std::string text) {
    std::ranges::find(tree_, how_.source, &PatchedFile::path)->patched = std::move(text);
    return TRY(compiler_.patched(how_, Layout::expanded, tree_, original_files_)).object;
  }

 private:
  const Compiler& compiler_;
  const KbuildObject& how_;
  std::vector<PatchedFile> tree_;
  std::vector<std::string> original_files_;
};

}  // namespace

Result<Uncompiled> find_uncompiled(const Compiler& compiler, const Affected& affected,
                                   const std::vector<PatchedFile>& files, const std::vector<PatchedFile>& tree) {
  Uncompiled found{.warnings = {}, .all = true};
  for (const auto& file : files) {
    const auto how = std::ranges::find(affected.changed, file.path, &KbuildObject::source);
    const auto text = true_line_numbers(file.patched);
    const auto changes = changed_groups(file.original, text);
    found.all &= how != affected.changed.end() && !changes.elsewhere;
    if (how == affected.changed.end() || changes.groups.empty()) continue;
    Expanding expanding(compiler, *how, tree, TRY(compiler.original(*how, Layout::typed)).dependencies);
    for (const auto& group : changes.groups) {
      // Either way all further lines have the same numbers.
      const auto without = TRY(expanding.with(with_line(text, group.line, "")));
      const auto with = TRY(expanding.with(with_line(text, group.line, "suture_is_compiled_here")));
      const bool is_compiled = with != without;
      found.all &= !is_compiled;
      if (!is_compiled)
        found.warnings.push_back({"not-compiled", fmt::format("{}: {}", file.path, group.directive),
                                  fmt::format("what the fix changes there, from line {} on, is left out: this kernel's "
                                              "configuration does not compile it",
                                              group.line)});
    }
  }
  found.all &= !found.warnings.empty();
  return found;
}

}  // namespace suture::builder
