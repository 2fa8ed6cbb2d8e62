// How plans ended, told.
#pragma once

#include <vector>

#include "agent/core/engine.h"
#include "agent/preflight/preflight.h"
#include "agent_cli/exit_codes.h"
#include "command_line/program.h"

namespace suture::agent_cli {

/// To the system journal, with the fields SUTURE_EVENT (how it ended) and SUTURE_SUBJECT. Fails if there is none.
Status log_outcome(const std::string& subject, const agent::Outcome& outcome);
ExitCode exit_code_of(agent::State end);
/// Prints one, with --json as one object.
ExitCode print_outcome(const std::string& subject, const agent::Outcome& outcome,
                       const std::vector<agent::Finding>& findings, bool json);

struct Ended {
  std::string subject{};
  agent::Outcome outcome{};
};
/// Several, with --json as one array.
void print_outcomes(const std::vector<Ended>& all, bool json);
void print_findings(const std::vector<agent::Finding>& findings);

}  // namespace suture::agent_cli
