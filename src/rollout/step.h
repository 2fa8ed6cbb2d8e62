// One step of a rollout: a pure function of the plan, where it stands, what was seen, and the time.
//
// The same four give the same step, and a second step at the same moment gives no further order, so that a
// server may be killed at any point: it stores the new state before it hands out an order, and what it did
// not store was not decided. Nothing here waits, asks or remembers.
//
// What always holds (properties_test.cc):
// - No more hosts of a ring are on their way than the ring's at_once, nor more on their way back than
//   back_at_once.
// - No host is told before the gates of all rings before its own passed, and none after a breach.
// - Hosts are taken back after a breach only, never because they, or others, are silent.
// - A rollout that has not ended says what it waits for.
#pragma once

#include <string>
#include <vector>

#include "rollout/observations.h"
#include "rollout/state.h"

namespace suture::rollout {

enum class Direction { go, back, reboot_back };

/// What a host is told. It stands until the host has another one, or the rollout is no longer in the
/// phase in which it was given: see standing_order().
struct Order {
  std::uint64_t number = 0;  ///< from 1 on; a host's report names the order that it answers
  HostId host;
  Direction direction = Direction::go;
  Level level = 0;
  bool operator==(const Order&) const = default;
};

/// For the timeline, and the audit.
struct Event {
  std::string ring, host;  ///< empty: of the whole rollout, of the whole ring
  std::string text;
  bool operator==(const Event&) const = default;
};

struct Step {
  State state;
  std::vector<Order> orders = {};
  std::vector<Event> events = {};
  std::vector<std::string> waits = {};  ///< what keeps it from going on; not empty unless it ended
};

Step step(const Plan& plan, const State& state, const Observations& seen, Time now);

/// What a host that asks now is to do, if anything. An order to go that no host has begun is void in a
/// rollout that is paused, frozen or stopped.
std::optional<Order> standing_order(const Plan& plan, const State& state, const HostId& host);

}  // namespace suture::rollout
