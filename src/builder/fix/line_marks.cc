#include "builder/fix/line_marks.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/process.h"
#include "base/words.h"
#include "builder/text.h"

namespace suture::builder {
namespace {

// What must be known of the C text so far to judge whether a directive may come next.
class Scanner {
 public:
  /// Whether a directive may be added between the lines read so far and the next one.
  ///
  /// Outside of parentheses, but after a name, a macro's arguments may still follow.
  bool allows_directive() const { return !in_comment_ && !continued_ && parentheses_ == 0 && !after_name_; }
  /// How many #if are open.
  std::size_t conditionals() const { return saved_.size(); }

  enum class Directive { none, opens, alternates, closes, line, other };

  Directive read(std::string_view line) {
    const auto directive = continued_ || in_comment_ ? Directive::none : directive_of(line);
    if (!continued_) in_directive_ = directive != Directive::none;
    read_code(line);
    switch (directive) {
      case Directive::opens:
        saved_.push_back(parentheses_);
        break;
      // Each branch continues what stood before the #if; the last one decides what follows.
      case Directive::alternates:
        if (!saved_.empty()) parentheses_ = saved_.back();
        break;
      case Directive::closes:
        if (!saved_.empty()) saved_.pop_back();
        break;
      case Directive::none:
      case Directive::line:
      case Directive::other:
        break;
    }
    return directive;
  }

 private:
  static Directive directive_of(std::string_view line) {
    line = trim(line);
    if (!line.starts_with('#')) return Directive::none;
    line = trim(line.substr(1));
    const auto word = line.substr(0, line.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
    if (word == "if" || word == "ifdef" || word == "ifndef") return Directive::opens;
    if (word == "else" || word == "elif") return Directive::alternates;
    if (word == "endif") return Directive::closes;
    if (word == "line" || (!line.empty() && std::isdigit(static_cast<unsigned char>(line.front())) != 0))
      return Directive::line;
    return Directive::other;
  }

  void read_code(std::string_view line) {
    line = without_cr(line);
    continued_ = line.ends_with('\\');
    // Lines of a file begin in column 0 only outside of functions.
    if (!in_comment_ && line.starts_with('}')) parentheses_ = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (in_comment_) {
        if (line.substr(i).starts_with("*/")) {
          in_comment_ = false;
          ++i;
        }
        continue;
      }
      if (line.substr(i).starts_with("//")) break;
      if (line.substr(i).starts_with("/*")) {
        in_comment_ = true;
        ++i;
        continue;
      }
      read_character(line, i);
    }
    if (in_directive_) after_name_ = false;
  }

  void read_character(std::string_view line, std::size_t& i) {
    const char c = line[i];
    if (c == '"' || c == '\'') i = end_of_literal(line, i);
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      after_name_ = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (in_directive_) return;
    if (c == '(') ++parentheses_;
    if (c == ')' && parentheses_ > 0) --parentheses_;
  }

  // The closing quote, or the end of the line: literals do not span lines.
  static std::size_t end_of_literal(std::string_view line, std::size_t begin) {
    for (std::size_t i = begin + 1; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == line[begin]) {
        return i;
      }
    }
    return line.size();
  }

  bool in_comment_ = false;
  bool in_directive_ = false;
  bool continued_ = false;
  bool after_name_ = false;
  std::size_t parentheses_ = 0;
  std::vector<std::size_t> saved_;  ///< open parentheses at each open #if
};

bool numbers_itself(const std::vector<std::string_view>& lines) {
  Scanner scanner;
  return std::ranges::any_of(lines, [&](auto line) { return scanner.read(line) == Scanner::Directive::line; });
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
  Scanner scanner;
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
    if ((directive == Scanner::Directive::alternates || directive == Scanner::Directive::closes) && mark_depth > 0 &&
        mark_depth >= depth) {
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
