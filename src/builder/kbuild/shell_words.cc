#include "builder/kbuild/shell_words.h"

#include <optional>

namespace suture::builder {

Result<std::vector<std::vector<std::string>>> split_commands(std::string_view line) {
  std::vector<std::vector<std::string>> commands(1);
  std::optional<std::string> word;
  const auto end_word = [&] {
    if (word) commands.back().push_back(std::move(*word));
    word.reset();
  };
  const auto into_word = [&](char c) {
    if (!word) word.emplace();
    *word += c;
  };
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool escapes = quote == 0 || (quote == '"' && i + 1 < line.size() &&
                                        std::string_view("\\\"$`").find(line[i + 1]) != std::string_view::npos);
    if (c == '\\' && quote != '\'' && escapes) {
      if (++i == line.size()) return fail("ends in a backslash: {}", line);
      into_word(line[i]);
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else if (quote == '"' && (c == '$' || c == '`')) {
        return fail("needs a shell (\"{}\"): {}", c, line);
      } else {
        into_word(c);
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      if (!word) word.emplace();
    } else if (c == ' ' || c == '\t') {
      end_word();
    } else if (c == ';') {
      end_word();
      if (!commands.back().empty()) commands.emplace_back();
    } else if (std::string_view("$`|&<>(){}*?[]#~!\n").find(c) != std::string_view::npos) {
      return fail("needs a shell (\"{}\"): {}", c, line);
    } else {
      into_word(c);
    }
  }
  if (quote != 0) return fail("has an open quote: {}", line);
  end_word();
  if (commands.back().empty()) commands.pop_back();
  return commands;
}

}  // namespace suture::builder
