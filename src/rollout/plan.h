// What a rollout is to do, fixed when it is created: which hosts, in which rings, behind which gates.
//
// The engine knows hosts, levels and times, and nothing of kernels, networks or databases. Words are the
// design's: a ring is an ordered group of hosts, a gate is what must hold before the next ring.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::rollout {

using Time = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;
using HostId = std::string;
using Level = std::uint32_t;  ///< 0: no live patch

/// How a host gets from the rollout's level back to the one that it ran, as a proof has shown.
enum class Way { replace, disable_and_load, reboot };

struct Host {
  HostId id;
  Level before = 0;  ///< what it runs when the rollout is created, and goes back to
  /// Empty: no way back is proven. Taking it back then needs a person.
  std::vector<Way> ways_back = {};

  bool operator==(const Host&) const = default;
};

/// What must hold before the next ring begins. Everything that is asked for must be there: an error, no
/// data or an inconclusive answer holds, and never passes.
struct Gate {
  /// Counted from the ring's last apply. Never shorter than Plan::poll + Plan::transition: a host cannot
  /// tell of trouble sooner (Canonical's incident of 2021-03-24: every host had the patch before the first
  /// reports came).
  Seconds soak = std::chrono::hours(1);
  unsigned success_percent = 100;        ///< of all hosts of the ring, silent ones among them
  unsigned silent_percent = 0;           ///< more silent hosts than this hold the ring
  unsigned failed_hosts = 0;             ///< more hosts than this that failed, undid it or are worse: a breach
  unsigned loaded_percent = 100;         ///< of the ring's hosts saw their stated minimum of load during the soak
  std::vector<std::string> checks = {};  ///< by name: metric queries, probes; `comparison_check` for Plan::comparison
  bool by_hand = false;                  ///< a person says so too
  bool operator==(const Gate&) const = default;
};

/// By this name a gate asks for Plan::comparison.
inline constexpr std::string_view comparison_check = "comparison";

/// A reading that hosts report, and of which more is worse.
struct ComparedReading {
  std::string name;
  double tolerated = 0;  ///< a shift up to this is nobody's concern, in the reading's unit
  bool operator==(const ComparedReading&) const = default;
};

/// How a ring's hosts are compared with the holdback, before and after.
struct Comparison {
  std::vector<ComparedReading> readings = {};
  std::size_t fewest = 5;              ///< hosts on either side; with fewer it is not applicable
  double false_alarm = 0.01;           ///< how often, of all readings together, chance is called worse
  bool not_applicable_passes = false;  ///< too few hosts hold the ring, else
  bool operator==(const Comparison&) const = default;
};

/// What each reading's part of the false alarms is: the more are looked at, the more chances chance has.
double false_alarm_of_each(const Comparison& comparison);

struct Ring {
  std::string name;
  std::vector<Host> hosts;
  unsigned at_once = 1;        ///< hosts that were told and have not answered for themselves yet
  Seconds pause = Seconds(0);  ///< at least this long between two hosts that are told
  Gate gate = {};
  bool operator==(const Ring&) const = default;
};

/// What people call a level.
struct LevelName {
  Level level = 0;
  std::string name = {};
  bool operator==(const LevelName&) const = default;
};

struct Plan {
  Level level = 0;                    ///< where the rollout goes
  std::vector<LevelName> names = {};  ///< of levels that are not called "level 4"
  std::vector<Ring> rings;            ///< in order; every host is in one of them at most
  /// Untreated hosts of the same groups. They are compared with, and tell a partition from a dying ring.
  std::vector<HostId> holdback = {};
  std::optional<Comparison> comparison = {};     ///< that gates may ask for
  Seconds poll = std::chrono::minutes(1);        ///< the longest time between two reports of a host
  Seconds transition = std::chrono::minutes(2);  ///< the longest time that a transition is given
  Seconds silence = std::chrono::minutes(5);     ///< a host that did not report for this long is silent
  unsigned back_at_once = 1;                     ///< hosts that are taken back at the same time
  unsigned back_failed_hosts = 0;                ///< more hosts than this that did not survive it stop the taking back
  bool may_reboot =
      false;  ///< hosts that only a reboot takes back, or that are damaged, are rebooted, not left to a person
  /// A drill: once every ring has passed, every host is taken back, and this is how long that may take. 0: no drill.
  Seconds drill = Seconds(0);
  bool operator==(const Plan&) const = default;
};

/// What texts call a level: its name, or "level 4".
std::string name_of(const Plan& plan, Level level);

/// The first thing in a plan that cannot be meant, named with its place. A plan that passes is what step()
/// expects; step() does not assert it.
Status check(const Plan& plan);

/// What the ring's soak is held to: Gate::soak, or poll and transition together where that is longer.
Seconds soak_of(const Plan& plan, const Ring& ring);

}  // namespace suture::rollout
