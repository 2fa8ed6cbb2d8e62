#include "builder/sources/includers.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/digest.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "base/words.h"
#include "builder/sources/include_scan.h"

namespace suture::builder {
namespace {

constexpr std::string_view includers_head = "suture includers 1\n";
constexpr std::string_view generated = "build:";

// Searched for every file, in this order, before what makefiles add (LINUXINCLUDE, the kernel's Makefile).
constexpr std::array<std::string_view, 8> standard_directories = {
    "arch/x86/include/",
    "build:arch/x86/include/generated/",
    "include/",
    "build:include/",
    "arch/x86/include/uapi/",
    "build:arch/x86/include/generated/uapi/",
    "include/uapi/",
    "build:include/generated/uapi/",
};

bool ends_in_path(std::string_view path, std::string_view tail) {
  return path.ends_with(tail) && (path.size() == tail.size() || path[path.size() - tail.size() - 1] == '/');
}

bool is_source_text(const fs::path& path) {
  const auto extension = path.extension();
  return extension == ".c" || extension == ".h" || extension == ".S" || extension == ".inc";
}

// Every file of the tree that may include, relative to it.
Result<std::vector<std::string>> list_files(const fs::path& root, std::string_view prefix) {
  static const std::set<std::string, std::less<>> left_out = {"Documentation", "tools", "scripts", "samples", "usr"};
  std::vector<std::string> found;
  std::error_code code;
  fs::recursive_directory_iterator entries(root, code);
  for (const auto end = fs::recursive_directory_iterator(); !code && entries != end; entries.increment(code)) {
    const auto relative = entries->path().lexically_relative(root).string();
    const bool is_other_architecture =
        relative.starts_with("arch/") && relative != "arch/x86" && std::ranges::count(relative, '/') == 1;
    if (entries->is_symlink() || (entries->is_directory() && (left_out.contains(relative) || is_other_architecture))) {
      entries.disable_recursion_pending();
    } else if (is_source_text(entries->path()) && entries->is_regular_file()) {
      found.push_back(fmt::format("{}{}", prefix, relative));
    }
  }
  if (code) return fail("{}: cannot list: {}", root.string(), code.message());
  return found;
}

Result<std::vector<std::pair<std::string, std::vector<std::string>>>> scan_kernel(const kit::Kit& kit) {
  auto paths = TRY(list_files(kit.source(), ""));
  const auto made = TRY(list_files(kit.build(), generated));
  paths.insert(paths.end(), made.begin(), made.end());
  std::ranges::sort(paths);

  std::vector<std::pair<std::string, std::vector<std::string>>> includes(paths.size());
  constexpr std::size_t batch = 256;
  const auto scan = [&](std::size_t number) -> Status {
    for (auto i = number * batch; i < std::min(paths.size(), (number + 1) * batch); ++i) {
      const auto& path = paths[i];
      const auto file = path.starts_with(generated) ? kit.build() / path.substr(generated.size()) : kit.source() / path;
      const auto text = TRY(read_text(file));
      const auto names = scan_includes(text);
      includes[i] = {path, {names.begin(), names.end()}};
    }
    return {};
  };
  TRY(for_each_parallel((paths.size() + batch - 1) / batch, scan));
  return includes;
}

}  // namespace

Result<Includers> Includers::open(const kit::Kit& kit) {
  const auto path = kit.cache() / "includers";
  if (const auto text = read_text(path)) {
    if (auto known = parse(*text, path.string())) return std::move(*known);
  }
  auto includers = make(TRY(scan_kernel(kit), "reading the kernel's #include directives"));
  TRY(make_directories(kit.cache()));
  TRY(write_text(path, includers.serialize(), Sync::no));
  return includers;
}

Includers Includers::make(std::vector<std::pair<std::string, std::vector<std::string>>> includes) {
  Includers result;
  std::map<std::string, std::vector<File>> by_name;
  for (auto& [path, names] : includes) {
    const auto file = static_cast<File>(result.files_.size());
    result.files_.push_back(std::move(path));
    for (auto& name : names) {
      auto& files = by_name[std::move(name)];
      if (files.empty() || files.back() != file) files.push_back(file);
    }
  }
  for (auto& [name, files] : by_name) result.includes_.push_back({name, std::move(files)});
  result.index();
  return result;
}

void Includers::index() {
  for (File i = 0; i < files_.size(); ++i) by_path_.emplace(files_[i], i);
  for (std::size_t i = 0; i < includes_.size(); ++i) {
    const auto& name = includes_[i].name;
    by_base_name_[std::string(base_name(std::string_view(name).substr(1, name.size() - 2)))].push_back(i);
  }
}

// The format: includers_head; the SHA-256 of the rest; the number of files and their paths, one a
// line; then a line for each include, "<linux/mm.h>" and the numbers of the files that have it.
std::string Includers::serialize() const {
  std::string text = fmt::format("{}\n", files_.size());
  for (const auto& file : files_) text += file + "\n";
  for (const auto& include : includes_) {
    text += include.name;
    for (const auto file : include.files) text += fmt::format(" {}", file);
    text += '\n';
  }
  return fmt::format("{}{}\n{}", includers_head, sha256_hex(as_bytes(text)), text);
}

Result<Includers> Includers::parse(std::string_view text, std::string_view name) {
  const auto damaged = [&] { return fail("{}: is damaged", name); };
  if (!text.starts_with(includers_head)) return damaged();
  text.remove_prefix(includers_head.size());
  const auto digest = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(digest.size() + 1, text.size()));
  if (sha256_hex(as_bytes(text)) != digest) return damaged();

  const auto lines = lines_of(text);
  auto first = lines.empty() ? std::string_view() : lines.front();
  const auto count = take_number(first);
  if (!count || *count >= lines.size()) return damaged();
  Includers result;
  result.files_.assign(lines.begin() + 1, lines.begin() + 1 + static_cast<std::ptrdiff_t>(*count));
  for (auto i = *count + 1; i < lines.size(); ++i) {
    auto line = lines[i];
    const auto close = line.find(line.starts_with('<') ? '>' : '"', 1);
    if (close == std::string_view::npos) return damaged();
    Include include{.name = std::string(line.substr(0, close + 1)), .files = {}};
    line.remove_prefix(close + 1);
    while (line.starts_with(' ')) {
      line.remove_prefix(1);
      const auto file = take_number(line);
      if (!file || *file >= *count) return damaged();
      include.files.push_back(static_cast<File>(*file));
    }
    result.includes_.push_back(std::move(include));
  }
  result.index();
  return result;
}

// As the preprocessor looks: quoted names beside the includer first; then the directories that every
// file gets; then those that makefiles add, which are not known here, so that any may be meant.
bool Includers::may_mean(const Include& include, File includer, const std::string& path) const {
  const auto name = include.name.substr(1, include.name.size() - 2);
  if (include.name.front() == '"') {
    const auto beside = (fs::path(files_[includer]).parent_path() / name).lexically_normal().string();
    if (exists(beside)) return beside == path;
  }
  for (const auto directory : standard_directories) {
    const auto standard = fmt::format("{}{}", directory, name);
    if (exists(standard)) return standard == path;
  }
  auto tail = std::string_view(name);
  while (tail.starts_with("../") || tail.starts_with("./")) tail.remove_prefix(tail.find('/') + 1);
  return ends_in_path(path, fs::path(tail).lexically_normal().string());
}

std::vector<Includers::File> Includers::direct_includers(const std::string& path) const {
  std::vector<File> found;
  const auto candidates = by_base_name_.find(std::string(base_name(path)));
  if (candidates == by_base_name_.end()) return found;
  for (const auto i : candidates->second) {
    for (const auto file : includes_[i].files) {
      if (may_mean(includes_[i], file, path)) found.push_back(file);
    }
  }
  return found;
}

std::vector<std::string> Includers::sources_reaching(const std::string& path) const {
  std::set<std::string> seen = {path};
  std::vector<std::string> waiting = {path};
  std::vector<std::string> sources;
  while (!waiting.empty()) {
    const auto current = std::move(waiting.back());
    waiting.pop_back();
    for (const auto file : direct_includers(current)) {
      const auto& includer = files_[file];
      if (!seen.insert(includer).second) continue;
      waiting.push_back(includer);
      if (includer.ends_with(".c") || includer.ends_with(".S")) sources.push_back(includer);
    }
  }
  std::ranges::sort(sources);
  return sources;
}

}  // namespace suture::builder
