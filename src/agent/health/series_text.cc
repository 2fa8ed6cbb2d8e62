#include "agent/health/series_text.h"

#include "base/json.h"

namespace suture::agent {

std::string to_text(const Baseline& baseline) {
  boost::json::object all;
  all.emplace("taint", baseline.taint);
  all.emplace("oopses", baseline.oopses);
  all.emplace("oopses_known", baseline.oopses_known);
  all.emplace("log", baseline.log);
  all.emplace("samples", boost::json::value_from(baseline.samples));
  all.emplace("probes", boost::json::value_from(baseline.probes));
  return boost::json::serialize(all);
}

Result<Baseline> read_baseline(std::string_view text) {
  const auto value = TRY(json::parse(text, "the readings in the journal"));
  const auto bad = fail("the readings in the journal do not have the expected fields");
  const auto* all = value.if_object();
  if (all == nullptr) return bad;
  const auto take = [&](const char* name, auto& into) {
    const auto* member = all->if_contains(name);
    if (member == nullptr) return false;
    auto read = boost::json::try_value_to<std::decay_t<decltype(into)>>(*member);
    if (!read) return false;
    into = std::move(*read);
    return true;
  };
  Baseline baseline;
  if (!take("taint", baseline.taint) || !take("oopses", baseline.oopses) ||
      !take("oopses_known", baseline.oopses_known) || !take("log", baseline.log) ||
      !take("samples", baseline.samples) || !take("probes", baseline.probes))
    return bad;
  return baseline;
}

}  // namespace suture::agent
