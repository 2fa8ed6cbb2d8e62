#include "rollout/state.h"

namespace suture::rollout {

State begin(const Plan& plan) {
  State state;
  state.rings.resize(plan.rings.size());
  for (const auto& ring : plan.rings) {
    for (const auto& host : ring.hosts) state.hosts[host.id] = {};
  }
  return state;
}

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::running:
      return "running";
    case Phase::paused:
      return "paused";
    case Phase::frozen:
      return "frozen";
    case Phase::stopped:
      return "stopped";
    case Phase::finished:
      return "finished";
    case Phase::taken_back:
      return "taken back";
  }
  return "?";
}

std::string_view name_of(HostPhase phase) {
  switch (phase) {
    case HostPhase::waiting:
      return "waiting";
    case HostPhase::told:
      return "told";
    case HostPhase::applied:
      return "applied";
    case HostPhase::failed:
      return "failed";
    case HostPhase::told_back:
      return "told back";
    case HostPhase::back:
      return "back";
    case HostPhase::left:
      return "left";
  }
  return "?";
}

}  // namespace suture::rollout
