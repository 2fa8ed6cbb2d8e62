#include "builder/compare/type_mentions.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/words.h"

namespace suture::builder {
namespace {

constexpr std::string_view blank = " \t\n";

std::string_view trimmed_end(std::string_view text) {
  const auto end = text.find_last_not_of(blank);
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

bool ends_with_word(std::string_view text, std::string_view word) {
  return text.ends_with(word) && (text.size() == word.size() || !is_word(text[text.size() - word.size() - 1]));
}

/// Where `word` begins, each time that it stands for itself.
std::vector<std::size_t> places_of(std::string_view text, std::string_view word) {
  std::vector<std::size_t> found;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) found.push_back(at);
  }
  return found;
}

struct Mention {
  std::string_view before;  ///< in its line, up to `struct`, without what is blank
  std::string_view after;   ///< the name, from what is not blank
};

// `struct TYPE` or `union TYPE`, wherever that stands.
std::vector<Mention> mentions(std::string_view text, std::string_view type) {
  std::vector<Mention> found;
  for (const auto at : places_of(text, type)) {
    auto before = trimmed_end(text.substr(0, at));
    const auto word = before.size() == at                ? 0U
                      : ends_with_word(before, "struct") ? 6U
                      : ends_with_word(before, "union")  ? 5U
                                                         : 0U;
    const auto next = text.find_first_not_of(blank, at + type.size());
    if (word == 0 || next == std::string_view::npos) continue;
    before.remove_suffix(word);
    const auto line = before.rfind('\n');
    found.push_back({trimmed_end(before.substr(line == std::string_view::npos ? 0 : line + 1)), text.substr(next)});
  }
  return found;
}

// "sizeof(*NAME)", "typeof(*NAME)", "struct_size(NAME, …)".
bool is_measured(std::string_view text, std::string_view name) {
  return std::ranges::any_of(places_of(text, name), [&](std::size_t at) {
    auto before = trimmed_end(text.substr(0, at));
    if (before.ends_with('(')) return ends_with_word(trimmed_end(before.substr(0, before.size() - 1)), "struct_size");
    if (!before.ends_with('*')) return false;
    before = trimmed_end(before.substr(0, before.size() - 1));
    if (before.ends_with('(')) before = trimmed_end(before.substr(0, before.size() - 1));
    return ends_with_word(before, "sizeof") || ends_with_word(before, "typeof") || ends_with_word(before, "__typeof__");
  });
}

// "ctl" of " *const ctl" and " **ctl".
std::string_view last_word(std::string_view text) {
  text = trimmed_end(text);
  auto begin = text.size();
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  return text.substr(begin);
}

}  // namespace

bool defines(std::string_view text, std::string_view type) {
  return std::ranges::any_of(mentions(text, type),
                             [](const Mention& mention) { return mention.after.starts_with('{'); });
}

bool lives_on_the_stack(std::string_view text, std::string_view type) {
  bool defined = false, declared = false;
  std::set<std::string_view> pointers;
  for (const auto& [before, after] : mentions(text, type)) {
    if (after.starts_with(';')) continue;
    if (after.starts_with('{')) {
      defined = true;
      // A variable of the type, or a list of them, comes with it: "} first;".
      const auto end = after.find("\n}");
      if (end == std::string_view::npos || !after.substr(end).starts_with("\n};")) return false;
      continue;
    }
    const auto statement = after.substr(0, after.find_first_of(";{}()=,[:"));
    if (contains(statement, "*")) {
      pointers.insert(last_word(statement));
      continue;
    }
    const auto name = last_word(statement);
    // Of a size, a cast or a macro: "struct TYPE)", "struct TYPE,".
    if (name.empty() || contains(before, "static") || contains(before, "extern") || contains(before, "typedef"))
      return false;
    declared = true;
  }
  pointers.erase(std::string_view());
  return defined && declared && std::ranges::none_of(pointers, [&](auto name) { return is_measured(text, name); }) &&
         !contains(text, "KMEM_CACHE(" + std::string(type));
}

}  // namespace suture::builder
