#include "builder/sources/include_scan.h"

#include <algorithm>

#include "builder/text.h"

namespace suture::builder {
namespace {

bool take_word(std::string_view& line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  line = trim(line.substr(word.size()));
  return true;
}

// "<a.h> rest" or "\"a.h\" rest": the name with its delimiters.
std::string_view header_name(std::string_view line) {
  if (line.empty() || (line.front() != '<' && line.front() != '"')) return {};
  const auto close = line.find(line.front() == '<' ? '>' : '"', 1);
  return close == std::string_view::npos || close == 1 ? std::string_view() : line.substr(0, close + 1);
}

// The directive whose '#' has been read.
std::string_view included_by(std::string_view line) {
  line = trim(line);
  if (take_word(line, "include")) return header_name(line);
  if (!take_word(line, "define")) return {};
  // "NAME <linux/a.h>", nothing after it: an expression in angle brackets would not end in a suffix.
  const auto name = header_name(trim(line.substr(std::min(line.find_first_of(" \t"), line.size()))));
  const auto inside = name.empty() ? name : name.substr(1, name.size() - 2);
  return inside.ends_with(".h") || inside.ends_with(".c") ? name : std::string_view();
}

// Visits what follows the '#' of each directive on its line.
template <typename Visit>
void for_each_directive(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto hash = text.find('#');
    if (hash == std::string_view::npos) break;
    const auto line_begin = text.rfind('\n', hash) + 1;  // npos + 1 is 0
    const auto line_end = std::min(text.find('\n', hash), text.size());
    if (trim(text.substr(line_begin, hash - line_begin)).empty())
      visit(without_cr(text.substr(hash + 1, line_end - hash - 1)));
    text.remove_prefix(line_end);
  }
}

}  // namespace

std::vector<std::string_view> scan_includes(std::string_view text) {
  std::vector<std::string_view> found;
  for_each_directive(text, [&](std::string_view line) {
    const auto name = included_by(line);
    if (!name.empty()) found.push_back(name);
  });
  return found;
}

bool includes_by_macro(std::string_view text) {
  bool found = false;
  for_each_directive(text, [&](std::string_view line) {
    line = trim(line);
    found |= take_word(line, "include") && header_name(line).empty();
  });
  return found;
}

}  // namespace suture::builder
