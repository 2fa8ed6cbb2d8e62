#include "agent/probes/failing.h"

namespace suture::agent {

std::string FailingProbes::look(const std::vector<Probe>& probes, const std::map<std::string, bool>& before) {
  constexpr int failures_that_count = 2;
  for (const auto& probe : probes) {
    const auto found = before.find(probe.name);
    if (found == before.end() || !found->second) continue;  // it failed before: it says nothing
    const auto passed = run_probe(probe);
    auto& failures = failures_[probe.name];
    failures = passed ? 0 : failures + 1;
    if (failures >= failures_that_count) return fmt::format("probe {}: {}", probe.name, passed.error().describe());
  }
  return {};
}

}  // namespace suture::agent
