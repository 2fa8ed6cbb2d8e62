// Whether a host is worse than it was before, by its own numbers.
//
// Each metric is a series of samples before and one after. What is an event (an oops, a warning) must not
// happen after if it did not happen before. What is a level (pressure, latency) is worse if nearly all
// samples after lie above a bound that the samples before set, and that is never so near to them that noise
// could cross it: the highest of them, their median and four deviations, half as much again, and a least
// difference that matters at all. Deviations are medians too (MAD), so that a single spike neither hides
// harm nor looks like it.
//
// A host that had nothing to do proves nothing: below a stated minimum of load the verdict is unknown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/core/world.h"

namespace suture::agent {

enum class MetricKind { event, level, load };

struct Series {
  MetricKind kind = MetricKind::level;
  double least_difference = 0;  ///< of a level: less than that more is no harm
  std::vector<double> before{}, after{};
};

struct Demands {
  std::size_t samples = 8;                       ///< before and after, to speak of levels at all
  std::map<std::string, double> minimum_load{};  ///< by metric: what the median after must reach
};

/// Never not_yet. The reason names the metric that decided, its values, and the bound.
Verdict compare(const std::map<std::string, Series>& metrics, const Demands& demands);

/// What is worse by events alone: a reason, or empty.
std::string new_events(const std::map<std::string, Series>& metrics);

}  // namespace suture::agent
