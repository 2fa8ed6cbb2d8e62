#include "agent/fleet/readings.h"

namespace suture::agent {

std::map<std::string, double> readings_between(const host::Reading& earlier, const host::Reading& later) {
  const auto rates = host::rates(earlier, later);
  std::map<std::string, double> readings;
  for (std::size_t i = 0; i < host::metric_count; ++i) {
    const auto metric = static_cast<host::Metric>(i);
    if (metric != host::Metric::new_taint && rates[metric]) readings.emplace(host::metric_name(metric), *rates[metric]);
  }
  return readings;
}

}  // namespace suture::agent
