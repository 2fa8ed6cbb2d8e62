#include "agent/core/engine.h"

#include <fmt/format.h>

#include <algorithm>

namespace suture::agent {

Status Engine::load(const PlanRecord& record) {
  record_ = record;
  steps_.clear();
  outcome_ = {};
  verdict_.clear();
  for (std::size_t i = 0; i < record.plan.steps.size(); ++i) {
    auto step = TRY(world_.make_step(record.plan.steps[i]), "step {} of {}", i, record.plan.subject);
    steps_.push_back(std::move(step));
  }
  return {};
}

Status Engine::write(EntryKind kind, std::int64_t step, std::string value, std::string text) {
  return world_.write(kind, record_.plan.id, step, std::move(value), std::move(text));
}

Event Engine::fail_with(Event event, std::string code, std::string reason) {
  world_.tell(code, reason);
  // The first failure is the reason; what goes wrong while it is undone is told beside it.
  outcome_.reason = outcome_.reason.empty() ? std::move(reason) : outcome_.reason + "; then: " + reason;
  outcome_.code = std::move(code);
  return event;
}

bool Engine::is_damaged() {
  const auto why = world_.health.oopsed(record_.baseline);
  if (why) fail_with(Event::oops, "oops", *why);
  return why.has_value();
}

// The way back unloads code from a kernel that is damaged: only if the operator wants that, and one more oops from here
// ends it.
Event Engine::after_oops() {
  if (!world_.policy.revert_after_oops) return Event::oops;
  auto reading = world_.health.reading();
  if (!reading) return Event::oops;
  record_.baseline = std::move(*reading);
  return Event::failed;
}

Result<Outcome> Engine::carry_out(const Plan& plan) {
  const auto history = TRY(replay(world_.journal.entries()));
  if (const auto* other = history.unfinished())
    return fail("{} is not over: it is {}", other->plan.subject, name_of(other->phase));
  if (history.reboot)
    return Outcome{State::refused, "rebooting", "the host is to reboot: " + history.reboot->reason, {}};
  if (const auto hold = history.holds.find(plan.subject); hold != history.holds.end())
    return Outcome{State::refused, "held", hold->second.reason, {}};
  PlanRecord record{.plan = plan, .boot = world_.boot};
  record.steps.resize(plan.steps.size());
  TRY(load(record));
  record_.baseline = TRY(world_.health.baseline(), "looking at the host before");
  return go(State::intending);
}

Result<std::optional<Outcome>> Engine::recover() {
  const auto history = TRY(replay(world_.journal.entries()));
  if (history.reboot && history.reboot->boot != world_.boot) return after_planned_reboot(history);
  const auto* left = history.unfinished();
  if (left == nullptr) return std::nullopt;
  if (left->boot != world_.boot) return after_reboot(*left);
  if (left->phase == Phase::stuck) return Outcome{State::stuck, left->code, left->reason, {}};
  TRY(load(*left));
  if (left->phase == Phase::undoing) {
    outcome_.code = left->code;
    outcome_.reason = left->reason;
    return go(State::undoing);
  }
  if (left->phase == Phase::soaking) return go(State::soaking);
  if (is_damaged()) {
    (void)write(EntryKind::stuck, -1, outcome_.code, outcome_.reason);
    outcome_.end = State::stuck;
    return outcome_;
  }
  // Applied as far as the journal tells: go on. Else nobody knows how far the last step came.
  for (std::size_t i = 0; i < record_.steps.size(); ++i) {
    if (record_.steps[i].done) at_ = i;
    if (record_.steps[i].begun && !record_.steps[i].done) {
      fail_with(Event::failed, "interrupted", fmt::format("the agent was ended during '{}'", steps_[i]->describe()));
      return go(State::undoing);
    }
  }
  return go(record_.steps.empty() || !record_.steps[0].done ? State::applying : State::watching);
}

// What steps do does not outlive a boot, so nothing is left of it but the question why the host died.
Result<Outcome> Engine::after_reboot(const PlanRecord& record) {
  record_ = record;
  outcome_ = {State::undone, "rebooted", "", {}};
  outcome_.reason = fmt::format("the host went down while it was {}{}", name_of(record.phase),
                                record.reason.empty() ? "" : ": " + record.reason);
  if (!record.was_committed) hold(outcome_.reason);
  TRY(write(EntryKind::undone, -1, "", outcome_.reason));
  return outcome_;
}

// It was asked for to take plans back, and did. Killed within, the next one finds the rest of them.
Result<std::optional<Outcome>> Engine::after_planned_reboot(const History& history) {
  const auto& asked = *history.reboot;
  const auto lowest = std::ranges::find(history.plans, asked.plan, [](const PlanRecord& each) { return each.plan.id; });
  for (auto each = history.plans.end(); each != lowest && each != history.plans.begin();) {
    record_ = *--each;
    if (record_.phase != Phase::committed && !record_.was_committed) hold(record_.reason);
    TRY(write(EntryKind::undone, -1, "", asked.reason));
    world_.tell("undo", fmt::format("{}: by the reboot", record_.plan.subject));
  }
  TRY(world_.write(EntryKind::reboot_over, "", -1, "", "it came up again"));
  if (auto left = TRY(recover())) return left;
  return Outcome{State::undone, "rebooted", asked.reason, {}};
}

Result<Outcome> Engine::undo(const std::string& why) {
  const auto history = TRY(replay(world_.journal.entries()));
  if (history.plans.empty()) return fail("nothing is in force");
  const auto& last = history.plans.back();
  TRY(load(last));
  if (is_for_another_kernel(last.plan, world_.kernel)) {  // nothing of it is here
    outcome_ = {State::undone, "", why, {}};
    TRY(write(EntryKind::undone, -1, "", why));
    return outcome_;
  }
  if (is_damaged()) {
    outcome_.end = State::stuck;
    return outcome_;
  }
  // A plan that is stuck half-way keeps its own reason.
  TRY(write(EntryKind::undoing, -1, last.code.empty() ? "asked" : last.code, last.reason.empty() ? why : last.reason));
  record_.was_committed = last.was_committed || last.phase == Phase::committed;
  record_.phase = Phase::undoing;
  return go(State::undoing);
}

Result<Outcome> Engine::take_back(const std::string& plan, const std::string& why) {
  const auto history = TRY(replay(world_.journal.entries()));
  if (history.plans.empty() || history.unfinished() != nullptr || history.plans.back().plan.id != plan)
    return fail("plan {} is not the last in force", plan);
  TRY(load(history.plans.back()));
  if (is_damaged() && after_oops() == Event::oops) {
    outcome_.end = State::stuck;
    return outcome_;
  }
  fail_with(Event::worse, "worse", why);
  hold(why);
  TRY(write(EntryKind::undoing, -1, outcome_.code, outcome_.reason));
  record_.was_committed = true;
  record_.phase = Phase::undoing;
  return go(State::undoing);
}

Result<Outcome> Engine::go(State state) {
  while (!is_end(state)) {
    const auto event = act(state);
    const auto following = next(state, event);
    if (!following) return fail("{}: event {} has no place there", name_of(state), static_cast<int>(event));
    if (*following == State::undoing && record_.phase != Phase::undoing) {
      // If this cannot be written, the journal says that the plan is not committed, which means the same.
      (void)write(EntryKind::undoing, -1, outcome_.code, outcome_.reason);
      record_.phase = Phase::undoing;
    }
    if (*following == State::stuck) (void)write(EntryKind::stuck, -1, outcome_.code, outcome_.reason);
    state = *following;
  }
  outcome_.end = state;
  return outcome_;
}

Event Engine::act(State state) {
  switch (state) {
    case State::intending:
      return intend();
    case State::applying:
      return apply_next();
    case State::watching:
      return watch(world_.policy.transition, false);
    case State::soaking:
      return soak();
    case State::committing:
      return commit();
    case State::undoing:
      return undo_next();
    case State::watching_undo:
      return watch(world_.policy.undo_transition, true);
    default:
      return end();
  }
}

Event Engine::intend() {
  const auto written = write(EntryKind::intent, -1, record_.baseline, to_text(record_.plan));
  if (!written) return fail_with(Event::failed, "journal", written.error().describe());
  return Event::written;
}

Event Engine::apply_next() {
  std::size_t i = 0;
  while (i < steps_.size() && record_.steps[i].done) ++i;
  if (i == steps_.size()) return Event::finished;
  at_ = i;
  auto& step = *steps_[i];
  auto& record = record_.steps[i];
  const auto number = static_cast<std::int64_t>(i);
  const auto earlier = step.observe();
  if (!earlier) return fail_with(Event::failed, "step", earlier.error().describe());
  if (const auto written = write(EntryKind::step_begun, number, *earlier); !written)
    return fail_with(Event::failed, "journal", written.error().describe());
  record.begun = true;
  record.earlier = *earlier;
  world_.tell("step", step.describe());
  if (!step.is_done(*earlier, *earlier)) {
    const auto applied = step.apply();
    if (is_damaged()) return after_oops();
    if (!applied) return fail_with(Event::failed, "step", applied.error().describe());
  }
  const auto now = step.observe();
  if (!now) return fail_with(Event::failed, "step", now.error().describe());
  if (!step.is_done(*now, record.earlier))
    return fail_with(Event::failed, "step", fmt::format("'{}' had no effect: found {}", step.describe(), *now));
  if (const auto written = write(EntryKind::step_done, number, *now); !written)
    return fail_with(Event::failed, "journal", written.error().describe());
  record.done = true;
  record.ours = *now;
  return Event::applied;
}

Event Engine::watch(Milliseconds patience, bool undoing) {
  auto& step = *steps_[at_];
  const auto began = world_.clock.monotonic();
  while (true) {
    if (is_damaged()) return undoing ? Event::oops : after_oops();
    const auto settled = step.is_settled();
    if (settled && *settled) break;
    if (!settled && !undoing) return fail_with(Event::failed, "step", settled.error().describe());
    if (world_.clock.monotonic() - began >= patience) {
      outcome_.blocking = step.blocking();
      return fail_with(
          Event::stalled, "stalled",
          fmt::format("'{}' did not {} within {} s{}", step.describe(), undoing ? "go back" : "end",
                      patience.count() / 1000, settled ? unreadable(step) : ": " + settled.error().describe()));
    }
    world_.clock.sleep(world_.policy.look);
  }
  if (undoing) {
    if (!step.restores_nothing() && step.undo() == Undo::yes) {
      const auto now = step.observe();
      if (!now || *now != record_.steps[at_].earlier)
        return fail_with(
            Event::failed, "step",
            fmt::format("'{}' was not undone: found {}", step.describe(), now ? *now : now.error().describe()));
    }
    record_.steps[at_].undone = true;
    (void)write(EntryKind::step_undone, static_cast<std::int64_t>(at_));
  }
  return Event::settled;
}

Event Engine::soak() {
  if (record_.phase != Phase::soaking) {
    if (const auto written = write(EntryKind::soaking); !written)
      return fail_with(Event::failed, "journal", written.error().describe());
    record_.phase = Phase::soaking;
  }
  const auto began = world_.clock.monotonic();
  while (true) {
    if (is_damaged()) return after_oops();
    const auto soaked = world_.clock.monotonic() - began;
    const auto verdict = world_.health.judge(record_.baseline, soaked);
    if (verdict.judgement == Judgement::well) {
      verdict_ = verdict.reason;
      return Event::well;
    }
    if (verdict.judgement == Judgement::worse) return fail_with(Event::worse, "worse", verdict.reason);
    if (verdict.judgement == Judgement::unknown && soaked >= world_.policy.undecided)
      return fail_with(world_.policy.hold_when_undecided ? Event::undecided : Event::worse, "undecided",
                       verdict.reason);
    world_.clock.sleep(world_.health.pause());
  }
}

Event Engine::commit() {
  const auto written = write(EntryKind::committed, -1, "", verdict_);
  if (!written) return fail_with(Event::failed, "journal", written.error().describe());
  outcome_.reason = verdict_;
  return Event::written;
}

Event Engine::undo_next() {
  auto i = steps_.size();
  while (i > 0 && (!record_.steps[i - 1].begun || record_.steps[i - 1].undone)) --i;
  if (i == 0) return Event::finished;
  at_ = --i;
  auto& step = *steps_[i];
  const auto& record = record_.steps[i];
  if (is_damaged()) return Event::oops;
  if (step.restores_nothing()) return Event::restored;
  const auto now = step.observe();
  if (!now) return fail_with(Event::failed, "step", now.error().describe());
  if (*now == record.earlier) return Event::restored;
  if (step.undo() == Undo::no)
    return fail_with(Event::failed, "no-way-back", fmt::format("'{}' is taken back only by a reboot", step.describe()));
  const bool ours = record.done ? *now == record.ours : step.is_done(*now, record.earlier);
  if (!ours && !step.is_halfway_back(*now, record.earlier))
    return fail_with(Event::conflict, "conflict",
                     fmt::format("'{}' found {}, which is neither ours ({}) nor what was there before ({})",
                                 step.describe(), *now, record.done ? record.ours : "unfinished", record.earlier));
  world_.tell("undo", step.describe());
  const auto restored = step.restore(record.earlier);
  if (is_damaged()) return Event::oops;
  if (!restored) return fail_with(Event::failed, "step", restored.error().describe());
  return Event::restored;
}

Event Engine::end() {
  // A journal that cannot be written now still says that the plan is not over; whoever reads it next finds
  // every step undone, and ends it.
  if (!record_.was_committed) hold(outcome_.reason);
  if (const auto written = write(EntryKind::undone, -1, "", outcome_.reason); !written)
    fail_with(Event::failed, "journal", written.error().describe());
  return Event::written;
}

void Engine::hold(const std::string& reason) {
  (void)world_.write(EntryKind::held, "", -1, record_.plan.subject, reason);
}

}  // namespace suture::agent
