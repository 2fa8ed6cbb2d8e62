// Which of the operator's probes fail that passed before: twice in a row, since once is an accident.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/probes/probe.h"

namespace suture::agent {

class FailingProbes {
 public:
  /// Runs each probe once. Why one fails that passed `before`, for the second time in a row; empty if none does.
  std::string look(const std::vector<Probe>& probes, const std::map<std::string, bool>& before);

 private:
  std::map<std::string, int> failures_{};  ///< of each probe, in a row
};

}  // namespace suture::agent
