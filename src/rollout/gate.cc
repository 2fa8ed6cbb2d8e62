#include "rollout/gate.h"

#include <fmt/format.h>

namespace suture::rollout {
namespace {

bool reaches(std::size_t part, std::size_t whole, unsigned percent) { return part * 100 >= whole * percent; }

/// "canary-1", or "canary-1 and 3 more".
class Named {
 public:
  void add(const HostId& host) {
    if (count_++ == 0) first_ = host;
  }
  std::size_t count() const { return count_; }
  std::string text() const { return count_ <= 1 ? first_ : fmt::format("{} and {} more", first_, count_ - 1); }

 private:
  std::size_t count_ = 0;
  HostId first_;
};

struct Census {
  Named failed, silent, unanswered, unwell, unloaded;
  std::string first_failure;
  std::size_t well = 0, loaded = 0;
};

Census count(const Plan& plan, const Ring& ring, const State& state, const Observations& seen, Time soaked, Time now) {
  Census census;
  for (const auto& host : ring.hosts) {
    const auto& known = state.hosts.at(host.id);
    if (known.phase == HostPhase::failed) {
      census.failed.add(host.id);
      if (census.failed.count() == 1) census.first_failure = known.note;
      continue;
    }
    if (is_silent(plan, seen, host.id, now)) {
      census.silent.add(host.id);
      continue;
    }
    if (known.phase != HostPhase::applied) {
      census.unanswered.add(host.id);
      continue;
    }
    const auto& report = seen.hosts.at(host.id);
    // Only what a host says after the soak counts: one that died in its last minute is not well.
    if (report.verdict == Verdict::well && report.at >= soaked)
      ++census.well;
    else
      census.unwell.add(host.id);
    if (report.loaded)
      ++census.loaded;
    else
      census.unloaded.add(host.id);
  }
  return census;
}

/// Why a check that is no breach holds the ring; empty if it does not.
std::string hold_of(const Plan& plan, const std::string& name, const Check& check, Time soaked) {
  const auto because = check.reason.empty() ? "" : ": " + check.reason;
  if (check.answer == Answer::not_applicable) {
    const bool passes = plan.comparison && plan.comparison->not_applicable_passes;
    return passes ? "" : fmt::format("check '{}' is {}; the plan does not let that pass", name, check.reason);
  }
  if (check.at < soaked) return fmt::format("check '{}' has not answered since the soak ended", name);
  switch (check.answer) {
    case Answer::inconclusive:
      return fmt::format("check '{}' is inconclusive{}", name, because);
    case Answer::no_data:
      return fmt::format("check '{}' has no data{}", name, because);
    case Answer::error:
      return fmt::format("check '{}' could not be made{}", name, because);
    default:
      return {};
  }
}

void judge_checks(const Plan& plan, const Ring& ring, const RingState& known, Time soaked, const Observations& seen,
                  GateView& view) {
  for (const auto& name : ring.gate.checks) {
    const auto found = seen.checks.find({ring.name, name});
    if (found == seen.checks.end()) {
      view.holds.push_back(fmt::format("check '{}' has not answered", name));
      continue;
    }
    const auto& check = found->second;
    if (check.answer == Answer::breach && check.at >= *known.begun) {
      view.breach = fmt::format("check '{}' fails{}", name, check.reason.empty() ? "" : ": " + check.reason);
      continue;
    }
    if (auto hold = hold_of(plan, name, check, soaked); !hold.empty()) view.holds.push_back(std::move(hold));
  }
}

}  // namespace

bool is_silent(const Plan& plan, const Observations& seen, const HostId& host, Time now) {
  const auto report = seen.hosts.find(host);
  return report == seen.hosts.end() || now - report->second.at > plan.silence;
}

std::optional<std::string> find_partition(const Plan& plan, const State& state, const Observations& seen, Time now) {
  std::size_t untreated = 0, silent = 0;
  const auto look = [&](const HostId& host) {
    if (!seen.hosts.contains(host)) return;  // it never reported, so that its silence is no news
    ++untreated;
    if (is_silent(plan, seen, host, now)) ++silent;
  };
  for (const auto& host : plan.holdback) look(host);
  for (const auto& ring : plan.rings) {
    for (const auto& host : ring.hosts) {
      if (state.hosts.at(host.id).order == 0) look(host.id);
    }
  }
  if (silent * 2 <= untreated) return std::nullopt;
  return fmt::format("{} of {} hosts that were never treated are silent too: a partition, or trouble on this side",
                     silent, untreated);
}

GateView judge(const Plan& plan, std::size_t index, const State& state, const Observations& seen, Time now) {
  const auto& ring = plan.rings[index];
  const auto& known = state.rings[index];
  const auto total = ring.hosts.size();
  const auto soak = soak_of(plan, ring);
  const auto soaked = known.last_applied ? *known.last_applied + soak : Time::max();
  const auto census = count(plan, ring, state, seen, soaked, now);

  GateView view;
  if (census.failed.count() > ring.gate.failed_hosts)
    view.breach = fmt::format("{} of {} hosts failed, more than {}: {}: {}", census.failed.count(), total,
                              ring.gate.failed_hosts, census.failed.text(), census.first_failure);
  judge_checks(plan, ring, known, soaked, seen, view);

  const auto hold = [&](std::string why) { view.holds.push_back(std::move(why)); };
  if (census.unanswered.count() > 0)
    hold(fmt::format("{} of {} hosts have yet to apply: {}", census.unanswered.count(), total,
                     census.unanswered.text()));
  if (!reaches(total - census.silent.count(), total, 100 - ring.gate.silent_percent))
    hold(fmt::format("{} of {} hosts are silent: {}", census.silent.count(), total, census.silent.text()));
  if (!known.last_applied)
    hold("no host has applied it");
  else if (now < soaked)
    hold(fmt::format("the soak lasts {} s more", std::chrono::duration_cast<Seconds>(soaked - now).count()));
  else if (!reaches(census.well, total, ring.gate.success_percent))
    hold(fmt::format("{} of {} hosts say that they are well after the soak, fewer than {} %{}", census.well, total,
                     ring.gate.success_percent, census.unwell.count() == 0 ? "" : ": not " + census.unwell.text()));
  if (known.last_applied && !reaches(census.loaded, total, ring.gate.loaded_percent))
    hold(fmt::format("{} of {} hosts saw their minimum of load, fewer than {} %{}", census.loaded, total,
                     ring.gate.loaded_percent, census.unloaded.count() == 0 ? "" : ": not " + census.unloaded.text()));
  if (ring.gate.by_hand && !seen.passed_by_hand.contains(ring.name)) hold("a person has to let the ring pass");
  return view;
}

}  // namespace suture::rollout
