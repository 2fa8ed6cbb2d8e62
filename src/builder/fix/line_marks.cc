#include "builder/fix/line_marks.h"

#include <algorithm>
#include <charconv>

#include "base/process.h"
#include "base/words.h"
#include "builder/fix/source_scanner.h"
#include "builder/text.h"

namespace suture::builder {
namespace {

bool numbers_itself(const std::vector<std::string_view>& lines) {
  SourceScanner scanner;
  return std::ranges::any_of(lines, [&](auto line) { return scanner.read(line) == SourceScanner::Directive::line; });
}

}  // namespace

Result<std::vector<SameAgain>> find_changes(const std::string& original, const std::string& patched) {
  const auto scratch = TRY(TempDir::make());
  const auto before = scratch.path() / "before";
  const auto after = scratch.path() / "after";
  TRY(write_text(before, original, Sync::no));
  TRY(write_text(after, patched, Sync::no));
  // %dm and %dM: the lines just after the group, in either file (diff's manual, "Line Group Formats").
  const auto finished =
      TRY(run({.argv = {"diff", "--text", "--unchanged-group-format=", "--changed-group-format=%dm %dM\n",
                        before.string(), after.string()},
               .inherit_environment = false}),
          "comparing sources (package \"diffutils\")");
  if (finished.exit_code > 1) return fail("diff failed: {}", finished.errors);

  std::vector<SameAgain> changes;
  for (const auto line : lines_of(finished.output)) {
    SameAgain change;
    const auto* end = line.data() + line.size();
    const auto first = std::from_chars(line.data(), end, change.original);
    if (first.ptr == end || std::from_chars(first.ptr + 1, end, change.patched).ec != std::errc())
      return fail("diff answered \"{}\" instead of two line numbers", line);
    changes.push_back(change);
  }
  return changes;
}

std::string keep_line_numbers(std::string_view patched, const std::vector<SameAgain>& changes) {
  const auto lines = lines_of(patched);
  if (numbers_itself(lines)) return std::string(patched);

  std::string result;
  SourceScanner scanner;
  auto change = changes.begin();
  // Unsigned wrap-around is fine: only sums with line numbers are used.
  std::size_t shift = 0;       // what is to be added to a line's number in the patched file
  bool pending = false;        // a directive is due at the next line that allows one
  std::size_t mark_depth = 0;  // #ifs open where the last one stands, or is due
  for (std::size_t number = 1; number <= lines.size(); ++number) {
    if (change != changes.end() && change->patched == number) {
      const auto wanted = change->original - change->patched;
      if (wanted != shift) {
        shift = wanted;
        pending = true;
        mark_depth = scanner.conditionals();
      }
      ++change;
    }
    if (pending && scanner.allows_directive()) {
      result += fmt::format("#line {}\n", number + shift);
      pending = false;
      mark_depth = scanner.conditionals();
    }
    result += lines[number - 1];
    result += '\n';
    // A directive in a branch that is not compiled is not read: another is due where the branch ends.
    const auto depth = scanner.conditionals();
    const auto directive = scanner.read(lines[number - 1]);
    if ((directive == SourceScanner::Directive::alternates || directive == SourceScanner::Directive::closes) &&
        mark_depth > 0 && mark_depth >= depth) {
      pending = true;
      mark_depth = scanner.conditionals();
    }
  }
  return result;
}

std::string true_line_numbers(std::string_view text) {
  std::string result;
  for (const auto line : lines_of(text)) {
    constexpr std::string_view directive = "#line ";
    if (line.starts_with(directive) && line.find_first_not_of("0123456789", directive.size()) == line.npos) continue;
    result += line;
    result += '\n';
  }
  return result;
}

}  // namespace suture::builder
