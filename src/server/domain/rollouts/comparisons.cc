#include "server/domain/rollouts/comparisons.h"

#include "server/domain/hosts/report_view.h"
#include "server/domain/rollouts/agent_releases.h"

namespace suture::server {
namespace {

/// Hosts that are held are not believed, and say nothing.
Result<rollout::Measurements> measurements(Store& store, const Rollout& rollout, std::size_t ring, Time until) {
  rollout::Measurements measured;
  const auto from = first_wanted(rollout.plan, ring, rollout.state.rings[ring]);
  const auto add = [&](const std::string& id) -> Status {
    const auto host = TRY(store.host(id));
    if (!host || !host->held.empty()) return {};
    for (const auto& report : TRY(store.reports(id, from, until))) {
      auto seen = TRY(view(report));
      if (!seen.readings.empty())
        measured[id].push_back({report.at, level_in(rollout, seen), std::move(seen.readings)});
    }
    return {};
  };
  for (const auto& host : rollout.plan.rings[ring].hosts) TRY(add(host.id));
  for (const auto& id : rollout.plan.holdback) TRY(add(id));
  return measured;
}

}  // namespace

Result<rollout::Check> Comparisons::answer(Store& store, const Rollout& rollout, std::size_t ring, Time now) {
  if (auto why = find_not_applicable(rollout.plan, ring, rollout.state))
    return rollout::Check{now, rollout::Answer::not_applicable, std::move(*why)};
  const auto look = last_look(rollout.plan, ring, rollout.state.rings[ring], now);
  if (!look) return rollout::Check{now, rollout::Answer::no_data, "it is made when the soak is over"};
  auto& last = last_[{rollout.id, ring}];
  if (last.at != *look) {
    const auto measured = TRY(measurements(store, rollout, ring, *look));
    last = compare(rollout.plan, ring, rollout.state, measured, *look);
  }
  return last;
}

}  // namespace suture::server
