#include "builder/fix/source_scanner.h"

#include <cctype>

#include "builder/text.h"

namespace suture::builder {
namespace {

using Directive = SourceScanner::Directive;

Directive directive_of(std::string_view line) {
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

// The closing quote, or the end of the line: literals do not span lines.
std::size_t end_of_literal(std::string_view line, std::size_t begin) {
  for (std::size_t i = begin + 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == line[begin]) {
      return i;
    }
  }
  return line.size();
}

}  // namespace

SourceScanner::Directive SourceScanner::read(std::string_view line) {
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

void SourceScanner::read_code(std::string_view line) {
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

void SourceScanner::read_character(std::string_view line, std::size_t& i) {
  const char c = line[i];
  if (c == '"' || c == '\'') i = end_of_literal(line, i);
  if (std::isspace(static_cast<unsigned char>(c)) == 0)
    after_name_ = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  if (in_directive_) return;
  if (c == '(') ++parentheses_;
  if (c == ')' && parentheses_ > 0) --parentheses_;
}

}  // namespace suture::builder
