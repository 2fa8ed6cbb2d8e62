#include "builder/fix/conditional_groups.h"

#include <algorithm>
#include <map>

#include "base/words.h"
#include "builder/fix/source_scanner.h"
#include "builder/text.h"

namespace suture::builder {
namespace {

struct Group {
  std::size_t line = 0;
  std::string directive;
  std::string text;
};
using Groups = std::map<std::string, Group>;

constexpr std::string_view outside;

// By the directives that lead there, each with how many of its kind came before.
Groups groups_of(std::string_view text) {
  Groups groups{{std::string(outside), {}}};
  std::vector<std::string> open{std::string(outside)};
  std::map<std::string, int> seen;
  SourceScanner scanner;
  std::size_t number = 0;
  bool begins = false;  // a group does, once its directive has ended
  for (const auto line : lines_of(text)) {
    ++number;
    const auto directive = scanner.read(line);
    if (directive == SourceScanner::Directive::opens || directive == SourceScanner::Directive::alternates) {
      if (directive == SourceScanner::Directive::alternates && open.size() > 1) open.pop_back();
      const auto key = open.back() + "\n" + std::string(trim(line));
      open.push_back(key + "\n" + std::to_string(seen[key]++));
      groups[open.back()].directive = trim(line);
      begins = true;
    } else if (directive == SourceScanner::Directive::closes) {
      if (open.size() > 1) open.pop_back();
    } else if (!begins) {
      groups[open.back()].text += std::string(trim(line)) + "\n";
    }
    if (begins && !scanner.is_continued()) {
      groups[open.back()].line = number + 1;
      begins = false;
    }
  }
  return groups;
}

}  // namespace

GroupChanges changed_groups(std::string_view original, std::string_view patched) {
  const auto before = groups_of(original);
  const auto after = groups_of(patched);
  GroupChanges changes;
  for (const auto& [key, group] : after) {
    const auto old = before.find(key);
    if (old != before.end() && old->second.text == group.text) continue;
    if (key == outside) {
      changes.elsewhere = true;
    } else {
      changes.groups.push_back({group.line, group.directive});
    }
  }
  changes.elsewhere |= std::ranges::any_of(before, [&](const auto& one) { return !after.contains(one.first); });
  std::ranges::sort(changes.groups, {}, &ConditionalGroup::line);
  return changes;
}

}  // namespace suture::builder
