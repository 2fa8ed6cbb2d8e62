// How this host stands, for status and metrics.
#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <vector>

#include "agent_cli/exit_codes.h"
#include "agent_cli/site.h"

namespace suture::agent_cli {

// The names are promised: they are those of --json.
struct FixStanding {
  std::string id{}, kind{}, severity{};
  std::vector<std::string> cves{};
};
BOOST_DESCRIBE_STRUCT(FixStanding, (), (id, kind, severity, cves))

struct PatchStanding {
  std::string name{};
  bool enabled = false, transition = false;
};
BOOST_DESCRIBE_STRUCT(PatchStanding, (), (name, enabled, transition))

struct HoldStanding {
  std::string subject{}, reason{};
};
BOOST_DESCRIBE_STRUCT(HoldStanding, (), (subject, reason))

struct Standing {
  std::string state{};  ///< "ok", "warning", "critical"
  std::string kernel{}, build_id{};
  std::uint32_t level = 0;    ///< 0: none
  std::uint32_t highest = 0;  ///< that the repository had when it was asked last; 0: none, or never asked
  std::vector<std::string> in_force{};
  std::vector<std::string> for_another_kernel{};  ///< comes into force again when that one is booted
  std::vector<PatchStanding> live_patches{};
  std::vector<FixStanding> fixes{};    ///< of the level in force
  std::vector<FixStanding> waiting{};  ///< of the highest level, and not in force
  std::string waits_because{};
  std::string unfinished{};  ///< what is neither in force nor over
  std::vector<HoldStanding> holds{};
  std::string taint{};
  std::vector<std::string> tainted_by{};
  std::string last{};                  ///< how the last plan ended
  std::string server_audit{};          ///< how it was set back or changed; empty: not, as far as this host was shown
  std::vector<std::string> unknown{};  ///< what could not be looked at
};
BOOST_DESCRIBE_STRUCT(Standing, (),
                      (state, kernel, build_id, level, highest, in_force, for_another_kernel, live_patches, fixes,
                       waiting, waits_because, unfinished, holds, taint, tainted_by, last, server_audit, unknown))

/// What is said of a fleet's server whose checkpoints contradict each other.
inline constexpr std::string_view audit_changed = "the server's audit was set back or changed";

Result<Standing> look_around(Site& site);
/// The kernel has oopsed.
bool is_damaged(const Site& site);
/// How the audit of the fleet's server contradicts what this host was shown of it; empty if it does not.
Result<std::string> look_at_server_audit(const Site& site);
ExitCode exit_code_of(const Standing& standing);

/// Prometheus' text format, as node_exporter's textfile collector reads it.
std::string metrics_text(const Standing& standing, std::int64_t now);

}  // namespace suture::agent_cli
