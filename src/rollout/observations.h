// What the engine is told of the world at one moment. Nothing here is asked for by the engine.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "rollout/plan.h"

namespace suture::rollout {

/// The agent's judgement of its own host, against the time before.
enum class Verdict { none, well, worse, unknown };

/// What a host said last.
struct Report {
  Time at;               ///< when it reached us
  Level level = 0;       ///< that it runs
  bool busy = false;     ///< applying, in a transition, or taking back
  bool failed = false;   ///< could not do what it was told, or undid it by itself
  bool damaged = false;  ///< oops, or a state that needs a person: nothing is loaded or unloaded there any more
  Verdict verdict = Verdict::none;
  bool loaded = false;  ///< its stated minimum of load was met since it applied
  /// The order that this answers. A report from before an order says nothing of it.
  std::uint64_t answers = 0;
  std::string reason = {};  ///< in the host's own words; may be empty
  bool operator==(const Report&) const = default;
};

enum class Answer {
  pass,
  breach,
  inconclusive,
  no_data,
  error,
  not_applicable  ///< of a comparison with too few hosts, now and later: passes only if the plan says so
};

/// What a metric query, a probe or a comparison said of one ring.
struct Check {
  Time at;  ///< a check from before the ring's last apply says nothing of it
  Answer answer = Answer::no_data;
  std::string reason = {};
  bool operator==(const Check&) const = default;
};

struct Observations {
  std::map<HostId, Report> hosts = {};  ///< of rings, of the holdback; a host that never reported is not there
  /// By ring and name.
  std::map<std::pair<std::string, std::string>, Check> checks = {};
  /// Rings that a person let pass.
  std::set<std::string> passed_by_hand = {};
  /// Why nothing new may start, whatever the gates say: no approval, outside of the window, a freeze, an
  /// assignment that expired. Empty if it may.
  std::string closed = {};
  bool recalled = false;  ///< the level was recalled: no host is told any more
};

}  // namespace suture::rollout
