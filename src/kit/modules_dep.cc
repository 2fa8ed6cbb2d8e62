#include "kit/modules_dep.h"

#include <algorithm>

#include "kit/lines.h"

namespace suture::kit {
namespace {

bool is_inside(std::string_view path) {
  return !path.empty() && !path.starts_with('/') && fmt::format("/{}/", path).find("/../") == std::string::npos;
}

}  // namespace

std::string module_name(std::string_view path) {
  auto name = path.substr(path.rfind('/') + 1);
  std::string module(name.substr(0, name.find('.')));
  std::replace(module.begin(), module.end(), '-', '_');
  return module;
}

Result<ModulesDep> ModulesDep::parse(std::string_view text, std::string_view name) {
  ModulesDep dep;
  TRY(for_each_line(text, [&](std::string_view line, std::size_t number) -> Status {
    if (line.empty() || line.front() == '#') return {};
    const auto colon = line.find(':');
    Entry entry{.path = std::string(line.substr(0, colon))};
    bool good = colon != std::string_view::npos && is_inside(entry.path);
    for (auto rest = good ? line.substr(colon + 1) : ""; !rest.empty();) {
      const auto end = std::min(rest.find(' '), rest.size());
      if (end > 0) entry.needs.emplace_back(rest.substr(0, end));
      good = good && (end == 0 || is_inside(entry.needs.back()));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!good) return fail("{}: line {} is not of the form 'PATH: PATH…'", name, number);
    auto module = module_name(entry.path);
    dep.entries_.insert_or_assign(std::move(module), std::move(entry));
    return {};
  }));
  return dep;
}

Result<const ModulesDep::Entry*> ModulesDep::find(std::string_view module) const {
  const auto found = entries_.find(module_name(module));
  if (found == entries_.end()) return fail("this kernel has no module {}", module);
  return &found->second;
}

Result<std::string> ModulesDep::path(std::string_view module) const { return TRY(find(module))->path; }

Result<std::vector<std::string>> ModulesDep::load_order(std::string_view module) const {
  const auto* entry = TRY(find(module));
  std::vector<std::string> order(entry->needs.rbegin(), entry->needs.rend());
  order.push_back(entry->path);
  return order;
}

}  // namespace suture::kit
