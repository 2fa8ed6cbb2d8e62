#include "agent/health/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include "base/numbers.h"

namespace suture::agent {
namespace {

constexpr double normal_deviation_of_mad = 1.4826;
constexpr double share_above = 0.8;

double upper_bound_of(const Series& series) {
  const auto middle = median(series.before);
  std::vector<double> distances;
  for (const auto each : series.before) distances.push_back(std::abs(each - middle));
  const auto deviation = normal_deviation_of_mad * median(distances);
  return std::max({*std::max_element(series.before.begin(), series.before.end()), middle + 4 * deviation, middle * 1.5,
                   middle + series.least_difference});
}

std::string quiet(const std::map<std::string, Series>& metrics, const Demands& demands) {
  for (const auto& [name, least] : demands.minimum_load) {
    const auto found = metrics.find(name);
    if (found == metrics.end() || found->second.after.empty()) return fmt::format("{} could not be read", name);
    if (const auto now = median(found->second.after); now < least)
      return fmt::format("the host is too quiet to tell: {} is {:.3g}, and at least {:.3g} is asked for", name, now,
                         least);
  }
  return {};
}

}  // namespace

std::string new_events(const std::map<std::string, Series>& metrics) {
  const auto happened = [](const std::vector<double>& samples) {
    return std::any_of(samples.begin(), samples.end(), [](double each) { return each > 0; });
  };
  for (const auto& [name, series] : metrics)
    if (series.kind == MetricKind::event && happened(series.after) && !happened(series.before))
      return fmt::format("{}: {:g} after, none before", name,
                         *std::max_element(series.after.begin(), series.after.end()));
  return {};
}

Verdict compare(const std::map<std::string, Series>& metrics, const Demands& demands) {
  if (auto reason = new_events(metrics); !reason.empty()) return {Judgement::worse, std::move(reason)};
  std::size_t compared = 0;
  for (const auto& [name, series] : metrics) {
    if (series.kind != MetricKind::level) continue;
    if (series.before.size() < demands.samples || series.after.size() < demands.samples) continue;
    ++compared;
    const auto bound = upper_bound_of(series);
    const auto above = std::count_if(series.after.begin(), series.after.end(), [&](double x) { return x > bound; });
    if (static_cast<double>(above) >= share_above * static_cast<double>(series.after.size()))
      return {Judgement::worse,
              fmt::format("{}: median {:.3g} before, {:.3g} after; {} of {} samples above {:.3g}", name,
                          median(series.before), median(series.after), above, series.after.size(), bound)};
  }
  if (compared == 0) return {Judgement::unknown, "too few samples to compare anything"};
  if (auto reason = quiet(metrics, demands); !reason.empty()) return {Judgement::unknown, std::move(reason)};
  return {Judgement::well, fmt::format("{} metrics as before, no new event", compared)};
}

}  // namespace suture::agent
