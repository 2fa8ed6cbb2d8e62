// What speaks against carrying out a plan, before anything is done. docs/agent.md lists the codes.
#pragma once

#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/history/history.h"
#include "host/root.h"

namespace suture::agent {

struct Finding {
  std::string code{};    ///< stable: "kernel-mismatch"
  std::string text{};    ///< what was found
  std::string advice{};  ///< what to do
  bool refuses = true;   ///< else it is told, and the plan goes on
};

/// All findings: those of the kill switches alone, if one is on.
std::vector<Finding> preflight(const host::Root& root, const Config& config, const History& history, const Plan& plan);

/// Why nothing may be applied at all on this host: suture=off, or the hold file.
std::vector<Finding> kill_switches(const host::Root& root, const Config& config);

bool refuses(const std::vector<Finding>& findings);

}  // namespace suture::agent
