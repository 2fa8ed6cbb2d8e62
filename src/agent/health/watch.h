// Goes on judging a live patch after its commit, by the signals that need no comparison with the time before: the
// kernel's log, and the operator's probes. The readings are not looked at any more: the baseline is old, and noise
// would cross it some day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/health/log_watch.h"
#include "agent/history/history.h"
#include "agent/probes/failing.h"
#include "host/root.h"

namespace suture::agent {

/// The last plan of this kernel that put a live patch in force, if nothing is under way; null if there is none.
const PlanRecord* plan_to_watch(const History& history, std::string_view kernel);

class Watch {
 public:
  /// Of a committed plan. Its log begins after its baseline, if that is of this boot and nothing ended since the
  /// commit; else with what comes next: before that, other code ran.
  Watch(const host::Root& root, const std::vector<Probe>& probes, const History& history, const PlanRecord& record,
        std::string_view boot);

  /// Looks once. Why the host is worse, and from then on the same; empty if it is not.
  const std::string& look();
  const std::string& plan() const { return plan_; }

 private:
  const host::Root& root_;
  std::vector<Probe> probes_;
  std::string plan_;
  std::map<std::string, bool> passed_before_{};  ///< probes
  std::optional<std::uint64_t> log_from_{};
  LogWatch log_watch_;
  std::optional<host::KernelLog> log_{};
  FailingProbes failing_{};
  std::string worse_{};
};

}  // namespace suture::agent
