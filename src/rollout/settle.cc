#include "rollout/settle.h"

#include <algorithm>
#include <optional>

namespace suture::rollout {
namespace {

/// In the host's own words.
std::string told(const Report& report) { return report.reason.empty() ? "" : ": " + report.reason; }

/// Why the host is not where a host that applied ought to be; empty if it is.
std::string find_fault(const Plan& plan, const Report& report) {
  const auto why = told(report);
  if (report.damaged) return "it is damaged, and loads and unloads nothing any more" + why;
  if (report.failed) return "it could not, or undid it by itself" + why;
  if (report.verdict == Verdict::worse) return "it is worse than before" + why;
  if (!report.busy && report.level != plan.level) return "it runs " + name_of(plan, report.level);
  return {};
}

struct Move {
  HostPhase phase;
  std::string note;
};

/// Where a host's report takes it; nothing if it stays.
std::optional<Move> follow(const Plan& plan, const Host& host, const HostState& known, const Report& report) {
  if (report.answers != known.order || known.order == 0) return std::nullopt;
  const bool is_before = !report.busy && !report.damaged && report.level == host.before;
  switch (known.phase) {
    case HostPhase::told:
      // The level alone says nothing yet: the host may have read its order and not begun.
      if (is_before && !report.failed && report.verdict != Verdict::worse) return std::nullopt;
      [[fallthrough]];
    case HostPhase::applied: {
      auto fault = find_fault(plan, report);
      if (!fault.empty()) return Move{HostPhase::failed, std::move(fault)};
      if (known.phase == HostPhase::told && !report.busy) return Move{HostPhase::applied, {}};
      return std::nullopt;
    }
    case HostPhase::told_back:
      // It may have been damaged before; what counts is that it did not go down for it.
      if (known.reboots && report.failed) return Move{HostPhase::left, "it did not reboot" + told(report)};
      if (report.damaged) return Move{HostPhase::left, "it is damaged since it was told to go back"};
      if (report.failed) return Move{HostPhase::left, "it could not be taken back"};
      if (is_before && report.verdict == Verdict::worse) return Move{HostPhase::left, "it is worse since it went back"};
      if (is_before) return Move{HostPhase::back, {}};
      return std::nullopt;
    case HostPhase::back:
      if (report.damaged) return Move{HostPhase::left, "it is damaged since it went back"};
      if (report.verdict == Verdict::worse) return Move{HostPhase::left, "it is worse since it went back"};
      return std::nullopt;
    case HostPhase::failed:
      if (is_before) return Move{HostPhase::failed, known.note};  // no longer treated
      return std::nullopt;
    case HostPhase::waiting:
    case HostPhase::left:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string tell(const Plan& plan, const Move& move) {
  switch (move.phase) {
    case HostPhase::applied:
      return "runs " + name_of(plan, plan.level);
    case HostPhase::back:
      return "is back";
    case HostPhase::left:
      return "is left: " + move.note;
    default:
      return "failed: " + move.note;
  }
}

}  // namespace

void settle(const Plan& plan, const Observations& seen, Time now, Step& step) {
  for (std::size_t i = 0; i < plan.rings.size(); ++i) {
    for (const auto& host : plan.rings[i].hosts) {
      const auto report = seen.hosts.find(host.id);
      if (report == seen.hosts.end()) continue;
      auto& known = step.state.hosts.at(host.id);
      auto move = follow(plan, host, known, report->second);
      if (!move) continue;
      // A failed host that says that it is where it was has undone it by itself.
      if (!report->second.busy && report->second.level == host.before && !report->second.damaged) known.treated = false;
      if (move->phase == known.phase) continue;
      step.events.push_back({plan.rings[i].name, host.id, tell(plan, *move)});
      known.phase = move->phase;
      known.harmed = move->phase == HostPhase::left;
      known.note = std::move(move->note);
      known.since = now;
      auto& last = step.state.rings[i].last_applied;
      if (known.phase == HostPhase::applied) last = std::max(last.value_or(Time::min()), now);
    }
  }
}

}  // namespace suture::rollout
