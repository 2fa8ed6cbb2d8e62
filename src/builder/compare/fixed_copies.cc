#include "builder/compare/fixed_copies.h"

#include "builder/compare/inlined_functions.h"
#include "builder/fix/line_marks.h"

namespace suture::builder {
namespace {

std::string_view rest_of_line(std::string_view text, std::size_t begin) {
  const auto end = text.find('\n', begin);
  return text.substr(begin, end == std::string_view::npos ? end : end - begin + 1);
}

// Where a line begins, counted from 1.
std::size_t begin_of_line(std::string_view text, std::uint64_t line) {
  std::size_t begin = 0;
  for (; line > 1 && begin < text.size(); --line) begin += rest_of_line(text, begin).size();
  return begin;
}

std::string_view function_at(std::string_view text, std::uint64_t line) {
  const auto begin = begin_of_line(text, line);
  const auto first = rest_of_line(text, begin);
  if (first.find_first_of("};") != std::string_view::npos) return first;
  const auto brace = text.find("\n}", begin);
  return brace == std::string_view::npos ? text.substr(begin) : text.substr(begin, brace + 2 - begin);
}

}  // namespace

bool changes_function(std::string_view original, std::string_view patched, std::uint64_t line) {
  const auto function = function_at(original, line);
  return line != 0 && !function.empty() && patched.find(function) == std::string_view::npos;
}

Result<FixedCopies> find_fixed_copies(const Compiler& compiler, const KbuildObject& source,
                                      const std::vector<PatchedFile>& fix) {
  const auto shipped = TRY(compiler.original(source, Layout::shipped));
  std::map<std::string, std::string> patched;  // the fix's files as its author sees them
  FixedCopies copies;
  for (const auto& [holder, inlined] : TRY(read_inlined_functions(shipped.object, source.source))) {
    for (const auto& function : inlined) {
      const auto* file = compiler.find(function.file, fix);
      if (file == nullptr) continue;
      const auto [text, added] = patched.try_emplace(file->path);
      if (added) text->second = true_line_numbers(file->patched);
      if (!changes_function(file->original, text->second, function.line)) continue;
      copies[holder].push_back({function.name, fmt::format("{}:{}", file->path, function.line)});
    }
  }
  return copies;
}

}  // namespace suture::builder
