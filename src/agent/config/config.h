// /etc/suture/agent.yaml: what an operator decides for one host.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/world.h"
#include "agent/health/host_health.h"
#include "agent/plan/plan.h"
#include "repository/url_source.h"

namespace suture::agent {

/// What the daemon puts in force by itself.
enum class Automatic { nothing, security, everything };

struct Config {
  std::string state = "/var/lib/suture";
  std::string run = "/run/suture";
  std::string source{};  ///< directory, bundle or address of the repository; empty: none
  std::string first_root = "/etc/suture/root.json";
  repository::FetchOptions fetch{.user = "suture-fetch"};  ///< for an address
  Milliseconds check{3'600'000};                           ///< how often the daemon asks the repository
  Milliseconds report{60'000};                             ///< how often a member of a fleet reports, at least
  bool may_reboot = false;  ///< by what a fleet's server tells this host, where nothing else takes a level back
  bool may_upgrade =
      false;  ///< the agent itself, to releases that are signed, by what a fleet's server tells this host
  Automatic automatic = Automatic::nothing;
  Policy policy{};
  HealthOptions health{};
  std::uint64_t refuse_taint = 0;             ///< mask: a kernel with one of these flags gets nothing
  std::uint64_t least_free_bytes = 64 << 20;  ///< in the state directory
  std::vector<Probe> checks{};                ///< before a plan; one that fails refuses it
  bool refuse_silenced_probes = false;        ///< a plan that makes somebody's probe blind is refused, not only noted
  std::string textfile{};                     ///< where metrics are written for node_exporter; empty: nowhere
  std::map<std::string, std::vector<StepSpec>> plans{};  ///< local ones, by name
};

/// Refuses what it does not know, with file, line and reason. Makes every step once, so that a plan that
/// could not be carried out is seen here.
Result<Config> read_config(std::string_view text, const std::string& name, const StepMaker& make_step);

}  // namespace suture::agent
