// The daemon's part in a fleet: it hears what the server tells this host, and reports.
//
// Whatever fails here is told to the system's journal and tried again later: a server that cannot be reached changes
// nothing on a host.
#pragma once

#include <memory>
#include <optional>

#include "agent/fleet/duty.h"
#include "agent/fleet/link.h"
#include "agent/fleet/reports.h"
#include "agent_cli/site.h"
#include "host/health/reading.h"

namespace suture::agent_cli {

class FleetMember {
 public:
  /// Null if the host belongs to no fleet.
  static Result<std::unique_ptr<FleetMember>> open(Site& site);

  /// Asks for the next assignment, if it does not ask already and is not waiting after a failure. Not while the agent
  /// itself is upgraded: nothing else is begun then.
  void ask();
  /// Readable once there is an answer; -1 while nothing is asked.
  int fd() const { return asked_ ? asked_->fd() : -1; }
  /// Takes the answer: an assignment that is signed well, for this host, and not over. It is on disk that it was begun.
  std::optional<trust::Assignment> hear();

  const agent::Duty& duty() const { return duty_; }
  /// How it ended.
  void answer(agent::Duty duty);
  /// That the host turned out worse by this level: it is said if the level is what the last assignment asked for.
  void turned_worse(std::uint32_t level, const std::string& reason);

  /// Sends how the host stands; what could not be sent is kept.
  void report(bool busy);
  /// Whether it was due.
  bool report_if_due(bool busy);
  /// When something is to be done without being told: a report, or asking again.
  agent::Milliseconds next() const;

 private:
  FleetMember(Site& site, fs::path directory, agent::Membership member, agent::Reports reports, agent::Duty duty);
  Status try_report(bool busy);
  Status send(agent::Link& link);
  Status take_checkpoint(std::string_view document);
  Status renew(agent::Link& link);
  Result<std::string> content(bool busy, const host::Reading& now) const;
  agent::LinkOptions options() const;
  void failed(const Error& error);
  void heard_well();

  Site& site_;
  fs::path directory_;
  agent::Membership member_;
  agent::Reports reports_;
  agent::Duty duty_;
  std::optional<agent::Link> asked_{};
  agent::Milliseconds next_report_{0}, next_ask_{0}, pause_{0};
  std::string told_{};                   ///< the last failure
  std::optional<host::Reading> last_{};  ///< of when the last report was made
};

/// Below the state directory.
fs::path fleet_directory(const Site& site);

}  // namespace suture::agent_cli
