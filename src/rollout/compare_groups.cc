#include "rollout/compare_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/numbers.h"

namespace suture::rollout {
namespace {

constexpr std::size_t counted_exactly = 200;  // pairs; above, the normal approximation is good to a thousandth

std::optional<std::vector<double>> changes(const std::vector<BeforeAfter>& hosts) {
  std::vector<double> all;
  for (const auto& host : hosts) {
    const double change = host.after - host.before;
    if (!std::isfinite(change)) return std::nullopt;
    all.push_back(change);
  }
  return all;
}

/// How often, of all ways to pick the treated among all hosts, U is at least `u`. U of a pick counts the
/// pairs in which the treated host's change is larger. Classic recurrence over the largest of all.
double chance_exactly(std::size_t treated, std::size_t untreated, std::size_t u) {
  std::vector<std::vector<std::vector<double>>> ways(
      treated + 1, std::vector<std::vector<double>>(untreated + 1, std::vector<double>(treated * untreated + 1, 0.0)));
  for (std::size_t t = 0; t <= treated; ++t) {
    for (std::size_t o = 0; o <= untreated; ++o) {
      for (std::size_t value = 0; value <= t * o; ++value) {
        if (t == 0 || o == 0) {
          ways[t][o][value] = 1;
          continue;
        }
        const double largest_is_treated = value >= o ? ways[t - 1][o][value - o] : 0;
        ways[t][o][value] = largest_is_treated + ways[t][o - 1][value];
      }
    }
  }
  double all = 0, as_large = 0;
  for (std::size_t value = 0; value <= treated * untreated; ++value) {
    all += ways[treated][untreated][value];
    if (value >= u) as_large += ways[treated][untreated][value];
  }
  return as_large / all;
}

double chance_nearly(std::size_t treated, std::size_t untreated, double u) {
  const auto t = static_cast<double>(treated), o = static_cast<double>(untreated);
  const double deviation = std::sqrt(t * o * (t + o + 1) / 12);
  return std::erfc((u - 0.5 - t * o / 2) / deviation / std::sqrt(2.0)) / 2;
}

std::string in_words(double chance) {
  if (chance > 0.5) return "more often than not";
  constexpr double a_million = 1e6;
  if (chance * a_million < 1) return "less than once in a million";
  return fmt::format("once in {:.0f}", 1 / chance);
}

}  // namespace

std::size_t fewest_that_can_tell(double false_alarm) {
  std::size_t hosts = 1;
  for (double ways = 2; 1 / ways > false_alarm; ++hosts) {  // ways to pick `hosts` of twice as many
    const auto n = static_cast<double>(hosts);
    ways *= 2 * (2 * n + 1) / (n + 1);
  }
  return hosts;
}

GroupComparison compare_groups(const std::vector<BeforeAfter>& treated, const std::vector<BeforeAfter>& untreated,
                               const ComparisonLimits& limits) {
  GroupComparison result;
  if (std::min(treated.size(), untreated.size()) < limits.fewest) {
    result.reason = fmt::format("not applicable: {} treated and {} untreated hosts, fewer than {} of one",
                                treated.size(), untreated.size(), limits.fewest);
    return result;
  }
  const auto ours = changes(treated), theirs = changes(untreated);
  result.difference = Difference::inconclusive;
  if (!ours || !theirs) {
    result.reason = "a reading is not a number";
    return result;
  }

  std::vector<double> shifts;
  double u = 0;  // pairs in which the treated host rose by more than is tolerated; ties count half
  for (const double a : *ours) {
    for (const double b : *theirs) {
      shifts.push_back(a - b);
      const double beyond = a - b - limits.tolerated;
      u += beyond > 0 ? 1 : beyond == 0 ? 0.5 : 0;
    }
  }
  result.shift = median(shifts);
  // With ties, rounding U down errs on the side of chance.
  result.chance = shifts.size() <= counted_exactly
                      ? chance_exactly(ours->size(), theirs->size(), static_cast<std::size_t>(u))
                      : chance_nearly(ours->size(), theirs->size(), u);
  const auto numbers =
      fmt::format("{} treated and {} untreated hosts: shift {:.4g}, tolerated {:.4g}, by chance {}", ours->size(),
                  theirs->size(), result.shift, limits.tolerated, in_words(result.chance));
  if (result.chance <= limits.false_alarm) {
    result.difference = Difference::worse;
    result.reason = "worse: " + numbers;
  } else if (result.shift > limits.tolerated) {
    result.reason = "inconclusive: " + numbers;
  } else {
    result.difference = Difference::none;
    result.reason = "no difference: " + numbers;
  }
  return result;
}

}  // namespace suture::rollout
