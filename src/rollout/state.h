// Where a rollout stands. A value: it is stored whole, and step() makes the next one of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rollout/plan.h"

namespace suture::rollout {

enum class Phase {
  running,     ///< rings are worked through
  paused,      ///< a person stopped it; nothing new starts, nothing is taken back
  frozen,      ///< a breach, or a person aborted it; hosts are taken back
  stopped,     ///< taking back did harm, or has no proven way; a person decides
  finished,    ///< every ring passed
  taken_back,  ///< every host that can be is back
};

enum class HostPhase {
  waiting,    ///< was told nothing
  told,       ///< has an order to go to the level
  applied,    ///< said that it runs it
  failed,     ///< said that it could not, or is worse, or is damaged
  told_back,  ///< has an order to go back
  back,       ///< said that it runs what it ran before
  left,       ///< cannot be taken back by us; why is in HostState::note
};

struct HostState {
  HostPhase phase = HostPhase::waiting;
  std::uint64_t order = 0;  ///< the last one's number; 0: none
  Time since = {};          ///< of the phase
  bool treated = false;     ///< was told to go to the level, and has not been seen back since
  bool reboots = false;     ///< its order to go back is one to reboot
  bool harmed = false;      ///< by being taken back
  std::string note = {};    ///< why, for failed and left
  bool operator==(const HostState&) const = default;
};

struct RingState {
  std::optional<Time> begun = {}, last_told = {}, last_applied = {}, passed = {};
  std::string comparison = {};  ///< what it said when that there is none was found, and when the ring passed
  bool operator==(const RingState&) const = default;
};

struct State {
  Phase phase = Phase::running;
  std::string reason = {};            ///< why it is paused, frozen or stopped
  std::uint64_t orders = 0;           ///< given so far
  std::vector<RingState> rings = {};  ///< beside the plan's
  std::map<HostId, HostState> hosts = {};
  std::optional<Time> drill_begun = {};    ///< when a drill began to take hosts back
  std::optional<Seconds> drill_took = {};  ///< until the last one was back, if all came back
  bool operator==(const State&) const = default;
};

State begin(const Plan& plan);

inline bool ended(const State& state) { return state.phase == Phase::finished || state.phase == Phase::taken_back; }

std::string_view name_of(Phase phase);
std::string_view name_of(HostPhase phase);

}  // namespace suture::rollout
