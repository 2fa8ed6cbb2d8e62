// A rollout on a terminal.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "base/result.h"
#include "cli/session.h"

namespace suture::cli {

/// Prints what happened to a rollout and what happens, a line each, until it is over, or waits for a person to decide.
Status watch(Session& session, const std::string& id, bool json);

/// Where it goes: "level 4", "agent 0.3.0 (release 3)".
std::string aim_of(const boost::json::value& rollout);

/// Of the server's answer: rings with their hosts, and what it waits for.
Status print_rollout(const std::string& answer);

}  // namespace suture::cli
