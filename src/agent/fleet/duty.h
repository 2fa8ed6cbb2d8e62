// What the fleet's server told this host last, and how far it came with it. On disk before anything is begun, so that
// an agent that dies knows what it was at, and answers for it.
#pragma once

#include <cstdint>
#include <string>

#include "base/file.h"
#include "trust/decision/assignment.h"

namespace suture::agent {

struct Duty {
  std::int64_t sequence = 0;  ///< of the last assignment; 0: none was ever given
  std::string outcome{};      ///< "started", "done", "failed" or "refused"
  std::string reason{};
  std::string verdict = "none";  ///< the host's own, since: "none", "well", "worse" or "unknown"
  std::uint32_t level = 0;       ///< that was asked for
  std::string agent{};           ///< version of the agent that was asked for; empty if it was a level
  bool operator==(const Duty&) const = default;
};

/// Whether another program than this one may be what ends it: the agent itself is being upgraded.
inline bool is_upgrading(const Duty& duty) { return duty.outcome == "started" && !duty.agent.empty(); }

/// Also what another version kept: members that it has no word for are passed over, and are as in Duty if they are not
/// there.
Result<Duty> read_duty(const fs::path& directory);
Status keep(const fs::path& directory, const Duty& duty);

/// Why an assignment that is signed well is not for this host, or not any more; empty if it is to be carried out.
std::string find_fault(const trust::Assignment& assignment, const std::string& host, const Duty& last,
                       trust::tuf::Time now);

}  // namespace suture::agent
