// Which kernels a repository speaks of, and which of them somebody asked for.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "trust/level/kernel_index.h"
#include "trust/tuf/metadata.h"

namespace suture::repository {

/// Paths of the kernels' indexes among the targets.
std::vector<std::string> index_paths(const std::map<std::string, trust::tuf::TargetFile>& targets);

/// Kernels that were named by release or build-id; all, if none was.
class WantedKernels {
 public:
  explicit WantedKernels(const std::vector<std::string>& names) : names_(names) {}

  bool wants(const trust::KernelIndex& index);
  /// Fails if one that was named was never wanted of `where`, or if there was none at all.
  Status all_seen(const std::string& where) const;

 private:
  std::vector<std::string> names_;
  std::set<std::string> seen_{};
  bool any_ = false;
};

}  // namespace suture::repository
