#include "agent/history/history.h"

#include <algorithm>

#include "base/words.h"

namespace suture::agent {
namespace {

class Replay {
 public:
  Status take(const Entry& entry);
  History history{};

 private:
  Status begin(const Entry& entry);
  Status take_step(const Entry& entry, PlanRecord& record);
  Status take_plan(const Entry& entry);
  void end(const Entry& entry, const std::string& what);
};

Status Replay::begin(const Entry& entry) {
  if (const auto* other = history.unfinished())
    return fail("plan {} begins while {} is not over", entry.plan, other->plan.id);
  PlanRecord record;
  record.plan = TRY(read_plan(entry.text, "the plan"));
  if (record.plan.id != entry.plan) return fail("plan {} calls itself {}", entry.plan, record.plan.id);
  record.steps.resize(record.plan.steps.size());
  record.boot = entry.boot;
  record.began = entry.time;
  record.baseline = entry.value;
  history.plans.push_back(std::move(record));
  return {};
}

Status Replay::take_step(const Entry& entry, PlanRecord& record) {
  if (entry.step < 0 || static_cast<std::size_t>(entry.step) >= record.steps.size())
    return fail("plan {} has no step {}", entry.plan, entry.step);
  auto& step = record.steps[static_cast<std::size_t>(entry.step)];
  if (entry.kind == EntryKind::step_begun) {
    step.begun = true;
    step.earlier = entry.value;
  } else if (!step.begun) {
    return fail("step {} of plan {} ends before it begins", entry.step, entry.plan);
  } else if (entry.kind == EntryKind::step_done) {
    step.done = true;
    step.ours = entry.value;
  } else {
    step.undone = true;
  }
  return {};
}

void Replay::end(const Entry& entry, const std::string& what) {
  const auto& record = history.plans.back();
  history.last = LastEnd{record.plan.subject, what, entry.text.empty() ? record.reason : entry.text, entry.time};
}

Status Replay::take_plan(const Entry& entry) {
  const auto found = std::find_if(history.plans.begin(), history.plans.end(),
                                  [&](const PlanRecord& each) { return each.plan.id == entry.plan; });
  if (found == history.plans.end()) return fail("speaks of plan '{}', which is not in force", entry.plan);
  auto& record = *found;
  const bool is_last = &record == &history.plans.back();
  // A plan below may be begun again, at boot, or dropped there; only the last one changes otherwise.
  if (!is_last && entry.kind != EntryKind::step_begun && entry.kind != EntryKind::undone)
    return fail("speaks of plan {}, though {} came after it", entry.plan, history.plans.back().plan.id);
  switch (entry.kind) {
    case EntryKind::soaking:
      record.phase = Phase::soaking;
      record.soaking_since = entry.time;
      return {};
    case EntryKind::committed:
      record.phase = Phase::committed;
      record.committed_at = entry.time;
      end(entry, "committed");
      return {};
    case EntryKind::undoing:
      record.was_committed = record.was_committed || record.phase == Phase::committed;
      record.phase = Phase::undoing;
      record.boot = entry.boot;
      record.code = entry.value;
      record.reason = entry.text;
      return {};
    case EntryKind::stuck:
      record.phase = Phase::stuck;
      record.code = entry.value;
      record.reason = entry.text;
      return {};
    case EntryKind::undone:
      if (is_last) end(entry, "undone");
      history.plans.erase(found);
      return {};
    default:
      return take_step(entry, record);
  }
}

Status Replay::take(const Entry& entry) {
  switch (entry.kind) {
    case EntryKind::intent:
      return begin(entry);
    case EntryKind::held:
      history.holds.insert_or_assign(entry.value, Hold{entry.text, entry.time});
      return {};
    case EntryKind::released:
      history.holds.erase(entry.value);
      return {};
    case EntryKind::boot_begun: {
      const auto lines = lines_of(entry.value);
      history.boot = BootAttempt{entry.boot, {lines.begin(), lines.end()}, false};
      return {};
    }
    case EntryKind::boot_ended:
      if (!history.boot || history.boot->boot != entry.boot) return fail("a boot ends that did not begin");
      history.boot->ended = true;
      return {};
    case EntryKind::reboot_asked:
      history.reboot = PlannedReboot{entry.boot, entry.plan, entry.text};
      return {};
    case EntryKind::reboot_over:
      history.reboot.reset();
      return {};
    default:
      return take_plan(entry);
  }
}

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::applying:
      return "applying";
    case Phase::soaking:
      return "soaking";
    case Phase::committed:
      return "committed";
    case Phase::undoing:
      return "undoing";
    case Phase::stuck:
      return "stuck";
  }
  return "stuck";
}

Result<History> replay(const std::vector<Entry>& entries) {
  Replay replay;
  for (std::size_t i = 0; i < entries.size(); ++i)
    TRY(replay.take(entries[i]), "journal entry {} ({})", i, name_of(entries[i].kind));
  return std::move(replay.history);
}

}  // namespace suture::agent
