#include "rollout/acts.h"

#include <algorithm>

namespace suture::rollout {
namespace {

Result<HostState*> find(State& state, const HostId& host) {
  const auto found = state.hosts.find(host);
  if (found == state.hosts.end()) return fail("host '{}' is not part of this rollout", host);
  return &found->second;
}

tl::unexpected<Error> cannot(const State& state, std::string_view what) {
  return fail("a rollout that is {} cannot be {}", name_of(state.phase), what);
}

}  // namespace

Status pause(State& state, const std::string& why) {
  if (state.phase != Phase::running) return cannot(state, "paused");
  state.phase = Phase::paused;
  state.reason = why;
  return {};
}

Status resume(State& state) {
  if (state.phase != Phase::paused) return cannot(state, "resumed");
  state.phase = Phase::running;
  state.reason.clear();
  return {};
}

Status abort(State& state, const std::string& why) {
  if (state.phase != Phase::running && state.phase != Phase::paused) return cannot(state, "aborted");
  state.phase = Phase::frozen;
  state.reason = why;
  return {};
}

Status retry(State& state, const HostId& id) {
  if (state.phase != Phase::running && state.phase != Phase::paused) return cannot(state, "retried in");
  auto* host = TRY(find(state, id));
  if (host->phase != HostPhase::failed) return fail("host '{}' is {}, not failed", id, name_of(host->phase));
  host->phase = HostPhase::waiting;
  host->note.clear();
  return {};
}

Status leave(State& state, const HostId& id, const std::string& why) {
  if (ended(state)) return cannot(state, "left by hosts");
  auto* host = TRY(find(state, id));
  host->phase = HostPhase::left;
  host->harmed = false;
  host->note = why;
  return {};
}

Status go_on(State& state) {
  if (state.phase != Phase::stopped) return cannot(state, "gone on with");
  for (auto& [id, host] : state.hosts) host.harmed = false;
  state.phase = Phase::frozen;
  state.reason.clear();
  return {};
}

Status join(Plan& plan, State& state, const std::string& name, const Host& host) {
  if (state.phase != Phase::running && state.phase != Phase::paused) return cannot(state, "joined");
  const auto ring = std::ranges::find(plan.rings, name, &Ring::name);
  if (ring == plan.rings.end()) return fail("the rollout has no ring '{}'", name);
  if (!state.rings[static_cast<std::size_t>(ring - plan.rings.begin())].passed)
    return fail("ring '{}' has not passed: its hosts are fixed until then", name);
  if (state.hosts.contains(host.id)) return fail("host '{}' is in a ring already", host.id);
  ring->hosts.push_back(host);
  state.hosts[host.id] = {};
  return {};
}

}  // namespace suture::rollout
