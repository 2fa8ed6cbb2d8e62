// Carries out one plan at a time, so that a process that dies, or a host, leaves a journal from which the
// next one goes on: nothing is done that the journal does not announce, and what a step finds and leaves
// is compared with what is there before it is touched again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/core/transitions.h"
#include "agent/core/world.h"
#include "agent/history/history.h"

namespace suture::agent {

struct Outcome {
  State end = State::refused;
  std::string code{};                    ///< of what went wrong: "stalled", "worse", "conflict", …
  std::string reason{};                  ///< in words
  std::vector<BlockingTask> blocking{};  ///< tasks that stalled a transition
};

class Engine {
 public:
  explicit Engine(World& world) : world_(world) {}

  /// From intent to an end. Whoever calls has seen to preflight(), and recovered.
  Result<Outcome> carry_out(const Plan& plan);
  /// Ends what an earlier process, or an earlier boot, left in the middle; nothing if there is nothing.
  Result<std::optional<Outcome>> recover();
  /// Undoes the last plan that is in force or stuck.
  Result<Outcome> undo(const std::string& why);
  /// The same of a committed plan that turned out worse, if it is still the last: it is held, and the policy says what
  /// an oops means.
  Result<Outcome> take_back(const std::string& plan, const std::string& why);

 private:
  Result<Outcome> go(State state);
  Event act(State state);
  Event intend();
  Event apply_next();
  Event watch(Milliseconds patience, bool undoing);
  Event soak();
  Event commit();
  Event undo_next();
  Event end();

  Status load(const PlanRecord& record);
  Status write(EntryKind kind, std::int64_t step = -1, std::string value = "", std::string text = "");
  Event fail_with(Event event, std::string code, std::string reason);
  bool is_damaged();
  Event after_oops();
  Result<Outcome> after_reboot(const PlanRecord& record);
  Result<std::optional<Outcome>> after_planned_reboot(const History& history);
  void hold(const std::string& reason);

  World& world_;
  PlanRecord record_{};
  std::vector<std::unique_ptr<Step>> steps_{};
  std::size_t at_ = 0;  ///< the step that is watched
  Outcome outcome_{};
  std::string verdict_{};
};

}  // namespace suture::agent
