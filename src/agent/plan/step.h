// One reversible action on a host, idempotent in both directions.
//
// What a step acts on has at each moment one state, told as a line of text that means the same in every
// boot. The core compares such lines and knows nothing else of a step: the earlier state is what
// observe() said before apply(), and what it said afterwards is ours. An undo restores the earlier one
// only where the present one is ours.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/plan/plan.h"
#include "base/result.h"

namespace suture::agent {

enum class Undo { yes, best_effort, no };
std::string_view name_of(Undo undo);

/// A task that has not left the old code.
struct BlockingTask {
  int pid = 0;
  std::string name{};
  std::string stack{};  ///< of the kernel, a frame a line; empty if it could not be read
};

class Step {
 public:
  virtual ~Step() = default;

  /// What it acts on: of two steps in force with the same key, only the later one counts.
  virtual std::string key() const = 0;
  virtual std::string describe() const = 0;
  virtual Undo undo() const = 0;
  /// Whether a boot loses it, so that it has to be applied again.
  virtual bool is_reapplied_at_boot() const { return true; }

  /// Names that a crash of its making would name: a module, functions.
  virtual std::vector<std::string> symbols() const { return {}; }

  virtual Result<std::string> observe() = 0;
  /// Whether `now` is what this step makes of `earlier`.
  virtual bool is_done(const std::string& now, const std::string& earlier) const = 0;
  virtual Status apply() = 0;
  /// Brings `earlier` back. Called only while the present state is ours, or halfway back.
  virtual Status restore(const std::string& earlier) = 0;

  /// That there is nothing to bring back, whatever the state is now: the step only asks, or what it ended is over.
  virtual bool restores_nothing() const { return false; }

  /// Whether `now` is a state on the way from ours to `earlier`, from which restore() goes on.
  virtual bool is_halfway_back(const std::string& now, const std::string& earlier) const {
    static_cast<void>(now), static_cast<void>(earlier);
    return false;
  }

  /// After apply() and restore(), which only begin what takes its time: whether all is over. Asked again and
  /// again until it is, and may do the rest of the work meanwhile.
  virtual Result<bool> is_settled() { return true; }
  /// Who keeps it from settling, as far as that is known.
  virtual std::vector<BlockingTask> blocking() { return {}; }
};

/// What its state cannot be read for, as the end of a sentence; empty if it can. A step that is not settled may be one
/// that nobody can see.
inline std::string unreadable(Step& step) {
  const auto now = step.observe();
  return now ? "" : ": " + now.error().describe();
}

/// Fails on an unknown kind, and on missing, unknown or malformed parameters. Acts on nothing.
using StepMaker = std::function<Result<std::unique_ptr<Step>>(const StepSpec&)>;

}  // namespace suture::agent
