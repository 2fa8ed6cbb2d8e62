#include "builder/kbuild/dependencies.h"

namespace suture::builder {

// GCC escapes what make would take apart: a space and a hash with a backslash, a dollar by doubling it
// (libcpp/mkdeps.cc).
Result<std::vector<std::string>> parse_dependencies(std::string_view text, std::string_view name) {
  const auto colon = text.find(": ");
  if (colon == std::string_view::npos) return fail("{}: holds no make rule", name);
  std::vector<std::string> files;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) files.push_back(std::move(word));
    word.clear();
  };
  text.remove_prefix(colon + 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '\\' && next == '\n') {
      ++i;
      end_word();
    } else if ((c == '\\' && (next == ' ' || next == '#' || next == '\\')) || (c == '$' && next == '$')) {
      ++i;
      word += next;
    } else if (c == '\n') {
      break;  // further rules are for missing headers only
    } else if (c == ' ') {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  if (files.empty()) return fail("{}: names no files", name);
  return files;
}

}  // namespace suture::builder
