#include "repository/kernels.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace suture::repository {

std::vector<std::string> index_paths(const std::map<std::string, trust::tuf::TargetFile>& targets) {
  std::vector<std::string> paths;
  for (const auto& [path, described] : targets) {
    const auto first = path.find('/');
    const auto second = path.find('/', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const auto series = path.substr(0, first);
    if (!trust::is_series(series)) continue;  // the agent's role names no kernels
    if (path == trust::index_path(series, path.substr(first + 1, second - first - 1))) paths.push_back(path);
  }
  return paths;
}

bool WantedKernels::wants(const trust::KernelIndex& index) {
  bool wanted = names_.empty();
  for (const auto& name : names_) {
    if (name != index.release && name != index.build_id) continue;
    seen_.insert(name);
    wanted = true;
  }
  any_ = any_ || wanted;
  return wanted;
}

Status WantedKernels::all_seen(const std::string& where) const {
  std::vector<std::string> missing;
  for (const auto& name : names_)
    if (!seen_.contains(name)) missing.push_back(name);
  if (missing.empty() && any_) return {};
  return fail(Error(missing.empty() ? fmt::format("{}: has no levels", where)
                                    : fmt::format("{}: has no levels of {}", where, fmt::join(missing, ", ")))
                  .advise("suture verify lists the kernels that it has"));
}

}  // namespace suture::repository
