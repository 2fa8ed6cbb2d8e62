#include "rollout/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/numbers.h"
#include "rollout/compare_groups.h"

namespace suture::rollout {
namespace {

constexpr std::size_t fewest_readings = 3;  // of a host, before and after: a median of two is no median
constexpr Seconds least_before = std::chrono::hours(1);

/// What one reading was, of a host that said enough of it; nothing of another.
std::optional<double> middle_of(const std::vector<const Measured*>& reports, const std::string& name) {
  std::vector<double> values;
  for (const auto* each : reports)
    if (const auto found = each->readings.find(name); found != each->readings.end()) values.push_back(found->second);
  return values.size() < fewest_readings ? std::nullopt : std::optional(median(std::move(values)));
}

/// The spans that are compared, of one host.
struct Spans {
  Time from, begun;    ///< before: until the ring began
  Time applied, look;  ///< after: since it was applied, until the look
  Level level_before, level_after;
};

struct Halves {
  std::vector<const Measured*> before, after;
};

Halves split(const std::vector<Measured>& reports, const Spans& spans) {
  Halves halves;
  for (const auto& each : reports) {
    if (each.at >= spans.from && each.at <= spans.begun && each.level == spans.level_before)
      halves.before.push_back(&each);
    if (each.at > spans.applied && each.at <= spans.look && each.level == spans.level_after)
      halves.after.push_back(&each);
  }
  return halves;
}

bool counts(const HostState& host) { return host.phase != HostPhase::failed && host.phase != HostPhase::left; }

class Comparing {
 public:
  Comparing(const Plan& plan, std::size_t ring, const State& state, const Measurements& measured, Time look)
      : plan_(plan), ring_(plan.rings[ring]), look_(look) {
    const auto& times = state.rings[ring];
    const auto from = first_wanted(plan, ring, times);
    for (const auto& host : ring_.hosts) {
      const auto& known = state.hosts.at(host.id);
      if (known.phase != HostPhase::applied) continue;
      take(measured, host.id, {from, *times.begun, known.since, look, host.before, plan.level}, treated_);
    }
    for (const auto& id : plan.holdback) {
      const auto found = measured.find(id);
      if (found == measured.end() || found->second.empty()) continue;
      const auto level = found->second.back().level;
      // One that was given the level by somebody is no untreated host.
      if (level != plan.level)
        take(measured, id, {from, *times.begun, *times.last_applied, look, level, level}, untreated_);
    }
  }

  Check answer() const {
    Check check{.at = look_, .answer = Answer::pass};
    std::string differences;
    for (const auto& reading : plan_.comparison->readings) {
      const auto treated = changes(treated_, reading.name), untreated = changes(untreated_, reading.name);
      const auto compared = compare_groups(treated, untreated,
                                           {.tolerated = reading.tolerated,
                                            .false_alarm = false_alarm_of_each(*plan_.comparison),
                                            .fewest = plan_.comparison->fewest});
      const auto said = fmt::format("{}: {}", reading.name, compared.reason);
      switch (compared.difference) {
        case Difference::worse:
          return {look_, Answer::breach, said};
        case Difference::not_applicable:
          note(check, Answer::no_data,
               fmt::format(
                   "{}: {} treated and {} untreated hosts said enough of it before and after, fewer than {} of one",
                   reading.name, treated.size(), untreated.size(), plan_.comparison->fewest));
          break;
        case Difference::inconclusive:
          note(check, Answer::inconclusive, said);
          break;
        case Difference::none:
          differences += (differences.empty() ? "" : "; ") + said;
      }
    }
    if (check.answer == Answer::pass) check.reason = std::move(differences);
    return check;
  }

 private:
  /// A host that was silent when it was looked at counts for nothing: nobody knows how it is.
  void take(const Measurements& measured, const HostId& id, const Spans& spans, std::vector<Halves>& into) const {
    const auto found = measured.find(id);
    if (found == measured.end()) return;
    auto halves = split(found->second, spans);
    if (!halves.after.empty() && look_ - halves.after.back()->at <= plan_.silence) into.push_back(std::move(halves));
  }

  static std::vector<BeforeAfter> changes(const std::vector<Halves>& hosts, const std::string& name) {
    std::vector<BeforeAfter> all;
    for (const auto& each : hosts) {
      const auto before = middle_of(each.before, name), after = middle_of(each.after, name);
      if (before && after) all.push_back({*before, *after});
    }
    return all;
  }

  /// The first reading that holds is the reason.
  static void note(Check& check, Answer answer, std::string reason) {
    if (check.answer != Answer::pass) return;
    check.answer = answer;
    check.reason = std::move(reason);
  }

  const Plan& plan_;
  const Ring& ring_;
  Time look_;
  std::vector<Halves> treated_{}, untreated_{};
};

}  // namespace

std::optional<Time> last_look(const Plan& plan, std::size_t ring, const RingState& known, Time now) {
  if (!known.last_applied) return std::nullopt;
  const auto soak = soak_of(plan, plan.rings[ring]);
  // What comes in the second of the look itself belongs to it: it is over.
  const auto soaks = (now - *known.last_applied - Seconds(1)) / soak;
  if (soaks < 1) return std::nullopt;
  return *known.last_applied + soaks * soak;
}

Time first_wanted(const Plan& plan, std::size_t ring, const RingState& known) {
  return *known.begun - std::max(least_before, soak_of(plan, plan.rings[ring]));
}

std::optional<std::string> find_not_applicable(const Plan& plan, std::size_t ring, const State& state) {
  const auto treated =
      std::ranges::count_if(plan.rings[ring].hosts, [&](const Host& host) { return counts(state.hosts.at(host.id)); });
  const auto fewest = plan.comparison->fewest;
  if (std::cmp_greater_equal(treated, fewest) && plan.holdback.size() >= fewest) return std::nullopt;
  return fmt::format("not applicable, fewer than {} hosts: {} treated and {} untreated", fewest, treated,
                     plan.holdback.size());
}

Check compare(const Plan& plan, std::size_t ring, const State& state, const Measurements& measured, Time look) {
  return Comparing(plan, ring, state, measured, look).answer();
}

}  // namespace suture::rollout
