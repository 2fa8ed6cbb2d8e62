#include "builder/promotion/definitions.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/numbers.h"
#include "base/parallel.h"
#include "base/words.h"
#include "builder/kbuild/kept.h"

namespace suture::builder {
namespace {

// What arch/x86/include/asm/syscall_wrapper.h and include/linux/syscalls.h make of a system call's name.
constexpr std::array<std::string_view, 6> system_call_prefixes = {
    "__x64_compat_sys_", "__ia32_compat_sys_", "__x64_sys_", "__ia32_sys_", "__do_sys_", "__se_sys_"};

bool begins_word(char c) { return is_word(c) && !(c >= '0' && c <= '9'); }

void scan_line(std::string_view line, std::vector<std::string_view>& names) {
  if (line.empty() || !begins_word(line.front())) return;
  const auto open = line.find('(');
  if (open == std::string_view::npos) return;
  auto begin = open;
  while (begin > 0 && is_word(line[begin - 1])) --begin;
  const auto name = line.substr(begin, open - begin);
  if (name.empty()) return;
  names.push_back(name);
  const bool is_macro = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
  auto end = open + 1;
  while (end < line.size() && is_word(line[end])) ++end;
  if (is_macro && end > open + 1) names.push_back(line.substr(open + 1, end - open - 1));
}

}  // namespace

std::vector<std::string_view> scan_definitions(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    scan_line(text.substr(at, end - at), names);
    at = end + 1;
  }
  return names;
}

Result<Definitions> Definitions::open(const kit::Kit& kit, const Includers& includers) {
  const auto path = kit.cache() / "definitions-1";
  if (const auto kept = read_kept(path)) return Definitions(std::string(as_text(*kept)));
  std::vector<std::pair<std::string, std::vector<std::string>>> files;
  for (const auto& file : includers.files()) {
    if (file.ends_with(".c") && !file.starts_with("build:")) files.emplace_back(file, std::vector<std::string>());
  }
  constexpr std::size_t batch = 256;
  const auto scan = [&](std::size_t number) -> Status {
    for (auto i = number * batch; i < std::min(files.size(), (number + 1) * batch); ++i) {
      const auto text = TRY(read_text(kit.source() / files[i].first));
      const auto names = scan_definitions(text);
      files[i].second.assign(names.begin(), names.end());
    }
    return {};
  };
  TRY(for_each_parallel((files.size() + batch - 1) / batch, scan), "reading what the kernel's sources define");
  auto definitions = make(files);
  const auto bytes = as_bytes(definitions.text_);
  // Without room or permission to keep it, it is made again the next time.
  static_cast<void>(keep(path, Bytes(bytes.begin(), bytes.end())));
  return definitions;
}

// The format: the files, one a line; an empty line; a line for each name with the numbers of its files,
// "foo_show 12 873", sorted by name.
Definitions Definitions::make(const std::vector<std::pair<std::string, std::vector<std::string>>>& files) {
  std::map<std::string_view, std::set<std::size_t>> by_name;
  std::string text;
  for (std::size_t i = 0; i < files.size(); ++i) {
    text += files[i].first + "\n";
    for (const auto& name : files[i].second) by_name[name].insert(i);
  }
  text += "\n";
  for (const auto& [name, numbers] : by_name) {
    text += name;
    for (const auto number : numbers) text += fmt::format(" {}", number);
    text += "\n";
  }
  return Definitions(std::move(text));
}

Definitions::Definitions(std::string text) : text_(std::move(text)) {
  const auto end = std::min(text_.find("\n\n"), text_.size());
  const auto files = lines_of(std::string_view(text_).substr(0, end));
  files_.assign(files.begin(), files.end());
  names_begin_ = std::min(end + 2, text_.size());
}

// Bisects the text: from any byte in it, the line begins behind the last newline.
std::string_view Definitions::line_of(std::string_view name) const {
  const auto names = std::string_view(text_).substr(names_begin_);
  std::size_t low = 0;
  auto high = names.size();
  while (low < high) {
    auto begin = names.rfind('\n', (low + high) / 2);
    begin = begin == std::string_view::npos || begin < low ? low : begin + 1;
    if (begin >= high) begin = low;
    const auto end = std::min(names.find('\n', begin), names.size());
    const auto line = names.substr(begin, end - begin);
    const auto found = line.substr(0, line.find(' '));
    if (found == name) return line.substr(std::min(found.size() + 1, line.size()));
    if (found < name) {
      low = end + 1;
    } else {
      high = begin;
    }
  }
  return {};
}

std::vector<std::string> Definitions::files_of(std::string_view function) const {
  auto name = function.substr(0, function.find('.'));  // "foo" of "foo.isra.0", "foo.cold"
  for (const auto prefix : system_call_prefixes) {
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
      break;
    }
  }
  std::vector<std::string> found;
  auto numbers = line_of(name);
  while (!numbers.empty()) {
    const auto number = take_number(numbers);
    if (!number || *number >= files_.size()) break;
    found.emplace_back(files_[*number]);
    numbers.remove_prefix(std::min<std::size_t>(1, numbers.size()));
  }
  return found;
}

}  // namespace suture::builder
