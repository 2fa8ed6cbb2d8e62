#include "lab/shipped_modules.h"

#include <algorithm>
#include <set>

#include "base/parallel.h"
#include "lab/modinfo.h"

namespace suture::lab {
namespace {

// "softdep=pre: a b post: c": what comes after is of no use for loading.
std::vector<std::string> load_first(const Modinfo& info) {
  std::vector<std::string> names;
  for (auto rest : info.values("softdep")) {
    bool pre = false;
    while (!rest.empty()) {
      const auto space = rest.find(' ');
      const auto word = rest.substr(0, space);
      rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
      if (word == "pre:" || word == "post:") {
        pre = word == "pre:";
      } else if (pre && !word.empty()) {
        names.emplace_back(word);
      }
    }
  }
  return names;
}

class Ordering {
 public:
  Ordering(const std::map<std::string, ShippedModule>& modules,
           const std::map<std::string, std::vector<std::string>>& aliases)
      : modules_(modules), aliases_(aliases) {}

  void visit(const std::string& name) {
    const auto module = modules_.find(name);
    if (module == modules_.end() || !seen_.insert(name).second) return;
    for (const auto& first : module->second.load_first) {
      visit(module_name_of(first));
      if (const auto meant = aliases_.find(first); meant != aliases_.end()) {
        for (const auto& other : meant->second) visit(other);
      }
    }
    for (const auto& needed : module->second.depends) visit(module_name_of(needed));
    order_.push_back(name);
  }
  std::vector<std::string> take() { return std::move(order_); }

 private:
  const std::map<std::string, ShippedModule>& modules_;
  const std::map<std::string, std::vector<std::string>>& aliases_;
  std::set<std::string> seen_;
  std::vector<std::string> order_;
};

Result<std::vector<fs::path>> module_files(const fs::path& root) {
  std::vector<fs::path> files;
  std::error_code code;
  for (auto it = fs::recursive_directory_iterator(root, code); !code && it != fs::recursive_directory_iterator();
       it.increment(code)) {
    const auto name = it->path().filename().string();
    if (it->is_regular_file(code) && (name.ends_with(".ko") || name.find(".ko.") != std::string::npos))
      files.push_back(it->path());
  }
  if (code) return fail("{}: cannot list the modules: {}", root.string(), code.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<ShippedModules> ShippedModules::index(const fs::path& root) {
  const auto files = TRY(module_files(root));
  std::vector<Modinfo> infos(files.size());
  const auto read = [&](std::size_t i) -> Status {
    const auto file = TRY(read_module(files[i]));
    infos[i] = TRY(read_modinfo(file, files[i].string()));
    return {};
  };
  TRY(for_each_parallel(files.size(), read));
  ShippedModules modules;
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::vector<std::string> aliases;
    for (const auto alias : infos[i].values("alias")) {
      if (alias.find_first_of("*?[") == std::string_view::npos) aliases.emplace_back(alias);
    }
    modules.add({.name = module_name_of(files[i].filename().string()),
                 .path = files[i],
                 .depends = infos[i].list("depends"),
                 .load_first = load_first(infos[i])},
                aliases);
  }
  return modules;
}

const ShippedModule* ShippedModules::find(const std::string& name) const {
  const auto found = modules_.find(name);
  return found == modules_.end() ? nullptr : &found->second;
}

void ShippedModules::add(ShippedModule module, const std::vector<std::string>& aliases) {
  for (const auto& alias : aliases) aliases_[alias].push_back(module.name);
  modules_.insert_or_assign(module.name, std::move(module));
}

std::vector<std::string> ShippedModules::load_order(const std::vector<std::string>& wanted) const {
  Ordering ordering(modules_, aliases_);
  for (const auto& name : wanted) ordering.visit(name);
  return ordering.take();
}

Result<Bytes> read_module(const fs::path& path) { return read_file(path); }

}  // namespace suture::lab
