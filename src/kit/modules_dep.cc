#include "kit/modules_dep.h"

#include <algorithm>

#include "base/words.h"
#include "kit/lines.h"

namespace suture::kit {
namespace {

bool is_inside(std::string_view path) {
  return !path.empty() && !path.starts_with('/') && fmt::format("/{}/", path).find("/../") == std::string::npos;
}

}  // namespace

std::string module_name(std::string_view path) {
  auto name = base_name(path);
  std::string module(name.substr(0, name.find('.')));
  std::replace(module.begin(), module.end(), '-', '_');
  return module;
}

Result<ModulesDep> ModulesDep::parse(std::string_view text, std::string_view name) {
  // Every kernel has modules, and depmod ends each line.
  if (!text.ends_with('\n')) return fail("{}: does not end with a whole line (empty or truncated)", name);
  ModulesDep dep;
  dep.name_ = name;
  TRY(for_each_line(text, [&](std::string_view line, std::size_t number) -> Status {
    if (line.empty() || line.front() == '#') return {};
    const auto colon = line.find(':');
    const auto path = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_inside(path))
      return fail("{}: line {} is not of the form 'PATH: PATH…'", name, number);
    dep.paths_.insert_or_assign(module_name(path), std::string(path));
    return {};
  }));
  return dep;
}

Result<std::string> ModulesDep::path(std::string_view module) const {
  const auto found = paths_.find(module_name(module));
  if (found == paths_.end()) return fail("{}: has no module {}", name_, module);
  return found->second;
}

std::vector<std::string> ModulesDep::all() const {
  std::vector<std::string> paths;
  for (const auto& [name, path] : paths_) paths.push_back(path);
  return paths;
}

}  // namespace suture::kit
