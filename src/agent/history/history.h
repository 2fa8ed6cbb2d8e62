// What the journal amounts to: which plans are in force, how far the last one came, and what is held.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/journal/entry.h"
#include "agent/plan/plan.h"

namespace suture::agent {

struct StepRecord {
  bool begun = false, done = false, undone = false;
  std::string earlier{};  ///< state that it found
  std::string ours{};     ///< state that it left
};

enum class Phase {
  applying,   ///< steps are being applied; nothing is promised
  soaking,    ///< all are; the host is watched
  committed,  ///< in force, and applied again at each boot
  undoing,    ///< steps are being undone
  stuck       ///< waits for a person, or a reboot
};
std::string_view name_of(Phase phase);

struct PlanRecord {
  Plan plan{};
  Phase phase = Phase::applying;
  std::string boot{};  ///< in which it was last carried on
  std::int64_t began = 0, soaking_since = 0, committed_at = 0;
  std::string baseline{};           ///< readings before it
  std::vector<StepRecord> steps{};  ///< as many as the plan has
  bool was_committed = false;       ///< it is being undone because somebody asked
  std::string code{}, reason{};     ///< why it is undone or stuck
};

struct Hold {
  std::string reason{};
  std::int64_t since = 0;
};

/// The last time that what is committed was applied at boot.
struct BootAttempt {
  std::string boot{};
  std::vector<std::string> subjects{};
  bool ended = false;
};

/// A reboot that takes plans back, and has not been seen through.
struct PlannedReboot {
  std::string boot{};  ///< in which it was asked for
  std::string plan{};  ///< the lowest that ends with it; empty if none does
  std::string reason{};
};

/// How the last plan that is over ended.
struct LastEnd {
  std::string subject{}, what{}, reason{};
  std::int64_t time = 0;
};

struct History {
  std::vector<PlanRecord> plans{};  ///< the earliest first; all but the last are committed
  std::map<std::string, Hold> holds{};
  std::optional<BootAttempt> boot{};
  std::optional<PlannedReboot> reboot{};
  std::optional<LastEnd> last{};

  /// The plan that is neither in force nor over; null if there is none.
  const PlanRecord* unfinished() const {
    return plans.empty() || plans.back().phase == Phase::committed ? nullptr : &plans.back();
  }
};

/// Fails if an entry makes no sense after those before it: then the journal is no ground to act on.
Result<History> replay(const std::vector<Entry>& entries);

}  // namespace suture::agent
