#include "agent/core/boot.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/words.h"

namespace suture::agent {
namespace {

class Boot {
 public:
  Boot(World& world, History history) : world_(world), history_(std::move(history)) {}
  /// In this boot, by an earlier call.
  bool is_done() const { return history_.boot && history_.boot->ended && history_.boot->boot == world_.boot; }
  Status hold_suspects(const std::vector<std::string>& evidence);
  Status apply_all();
  BootReport report{};

 private:
  struct Active {
    std::size_t plan, number;
    bool lowest;  ///< no plan below acts on the same
    std::unique_ptr<Step> step;
  };

  Result<std::vector<Active>> active();
  Status apply(const Active& active);
  Status settle(Step& step);
  void take_back(const std::vector<Active>& all, std::size_t plan);
  Status drop(std::size_t plan, const std::string& reason);
  std::pair<std::string, std::size_t> name_of(const Active& active) const {
    return {history_.plans[active.plan].plan.id, active.number};
  }

  World& world_;
  History history_;
  std::string readings_{};
  std::map<std::pair<std::string, std::size_t>, std::string> found_{};  ///< by the steps applied in this boot
};

// Holds and forgets a plan that is not applied in this boot.
Status Boot::drop(std::size_t plan, const std::string& reason) {
  const auto record = history_.plans[plan];
  TRY(world_.write(EntryKind::held, "", -1, record.plan.subject, reason));
  TRY(world_.write(EntryKind::undone, record.plan.id, -1, "", reason));
  world_.tell("held", fmt::format("{}: {}", record.plan.subject, reason));
  report.held.push_back({record.plan.subject, reason});
  history_.plans.erase(history_.plans.begin() + static_cast<std::ptrdiff_t>(plan));
  return {};
}

Status Boot::hold_suspects(const std::vector<std::string>& evidence) {
  for (auto i = history_.plans.size(); i-- > 0;) {
    std::vector<std::string> symbols;
    for (const auto& spec : history_.plans[i].plan.steps) {
      const auto step = TRY(world_.make_step(spec), "{}", history_.plans[i].plan.subject);
      const auto names = step->symbols();
      symbols.insert(symbols.end(), names.begin(), names.end());
    }
    std::string named;
    for (const auto& text : evidence)
      if (named.empty()) named = named_in(text, symbols);
    if (!named.empty()) TRY(drop(i, fmt::format("the last boot ended in a crash that names {}", named)));
  }
  if (!history_.boot || history_.boot->ended || history_.boot->boot == world_.boot) return {};
  for (auto i = history_.plans.size(); i-- > 0;) {
    const auto& subjects = history_.boot->subjects;
    if (std::find(subjects.begin(), subjects.end(), history_.plans[i].plan.subject) != subjects.end())
      TRY(drop(i, "the host went down while it was applied at boot"));
  }
  return {};
}

// The steps that count, in the order in which they came into force.
Result<std::vector<Boot::Active>> Boot::active() {
  std::vector<Active> steps;
  std::set<std::string> seen;
  for (auto i = history_.plans.size(); i-- > 0;) {
    if (is_for_another_kernel(history_.plans[i].plan, world_.kernel)) continue;
    const auto& [id, subject, kernel, specs] = history_.plans[i].plan;
    for (auto number = specs.size(); number-- > 0;) {
      auto step = TRY(world_.make_step(specs[number]), "{}", subject);
      if (!step->is_reapplied_at_boot()) continue;
      const auto key = step->key();
      for (auto& above : steps)
        if (above.step->key() == key) above.lowest = false;
      if (seen.insert(key).second) steps.push_back({i, number, true, std::move(step)});
    }
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

Status Boot::apply(const Active& active) {
  auto& step = *active.step;
  const auto& record = history_.plans[active.plan];
  const auto& recorded = record.steps[active.number].earlier;
  const auto earlier = TRY(step.observe());
  if (step.is_done(earlier, recorded)) return {};
  // What this boot brought is what an undo restores, unless a plan below put it there.
  if (active.lowest && earlier != recorded)
    TRY(world_.write(EntryKind::step_begun, record.plan.id, static_cast<std::int64_t>(active.number), earlier, ""));
  found_.emplace(name_of(active), earlier);
  world_.tell("step", step.describe());
  TRY(step.apply());
  TRY(settle(step));
  const auto now = TRY(step.observe());
  if (!step.is_done(now, earlier)) return fail("'{}' had no effect: found {}", step.describe(), now);
  return {};
}

Status Boot::settle(Step& step) {
  const auto began = world_.clock.monotonic();
  while (true) {
    if (const auto why = world_.health.oopsed(readings_)) return fail("{}", *why);
    if (TRY(step.is_settled())) return {};
    if (world_.clock.monotonic() - began >= world_.policy.transition)
      return fail("'{}' did not end within {} s{}", step.describe(), world_.policy.transition.count() / 1000,
                  unreadable(step));
    world_.clock.sleep(world_.policy.look);
  }
}

void Boot::take_back(const std::vector<Active>& all, std::size_t plan) {
  for (auto i = all.size(); i-- > 0;) {
    const auto found = found_.find(name_of(all[i]));
    if (all[i].plan != plan || found == found_.end()) continue;
    auto& step = *all[i].step;
    const auto now = step.observe();
    if (now && *now == found->second) continue;
    auto back = [&]() -> Status {
      if (!now) return fail(now.error());
      if (!step.is_done(*now, found->second)) return fail("somebody else changed it");
      return step.restore(found->second);
    }();
    if (back) back = settle(step);
    if (!back)
      report.problems.push_back(fmt::format("'{}' was not undone: {}", step.describe(), back.error().describe()));
  }
}

Status Boot::apply_all() {
  std::string subjects;
  for (const auto& each : history_.plans)
    if (!is_for_another_kernel(each.plan, world_.kernel)) subjects += each.plan.subject + "\n";
  readings_ = TRY(world_.health.reading());
  TRY(world_.write(EntryKind::boot_begun, "", -1, subjects, ""));
  while (true) {
    const auto steps = TRY(active());
    std::optional<std::pair<std::size_t, std::string>> failed;
    for (const auto& each : steps) {
      const auto applied = apply(each);
      if (applied) continue;
      failed.emplace(each.plan, applied.error().describe());
      break;
    }
    if (!failed) break;
    const bool damaged = world_.health.oopsed(readings_).has_value();
    if (!damaged) take_back(steps, failed->first);
    TRY(drop(failed->first, fmt::format("could not be applied at boot: {}", failed->second)));
    if (damaged) {
      report.problems.push_back("the kernel is damaged: nothing more is loaded; reboot the host");
      break;
    }
  }
  for (const auto& each : history_.plans)
    if (!is_for_another_kernel(each.plan, world_.kernel)) report.applied.push_back(each.plan.subject);
  return world_.write(EntryKind::boot_ended, "", -1, "",
                      fmt::format("{} in force, {} held", report.applied.size(), report.held.size()));
}

}  // namespace

std::string named_in(const std::string& text, const std::vector<std::string>& symbols) {
  for (const auto& symbol : symbols) {
    if (symbol.empty()) continue;
    for (auto at = text.find(symbol); at != std::string::npos; at = text.find(symbol, at + 1)) {
      const auto end = at + symbol.size();
      if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return symbol;
    }
  }
  return {};
}

Result<BootReport> apply_at_boot(World& world, const std::vector<std::string>& evidence) {
  auto history = TRY(replay(world.journal.entries()));
  if (const auto* unfinished = history.unfinished())
    return fail("{} is not over: it is {}", unfinished->plan.subject, name_of(unfinished->phase));
  if (world.kernel.empty() && std::any_of(history.plans.begin(), history.plans.end(),
                                          [](const auto& each) { return !each.plan.kernel.empty(); }))
    return fail("the build-id of the running kernel cannot be read: nobody can tell which levels are for it");
  Boot boot(world, std::move(history));
  if (boot.is_done()) return BootReport{.was_done = true};
  TRY(boot.hold_suspects(evidence));
  TRY(boot.apply_all());
  return std::move(boot.report);
}

}  // namespace suture::agent
