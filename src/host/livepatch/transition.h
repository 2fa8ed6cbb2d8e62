// A transition, watched. The kernel moves task by task to the new state (kernel/livepatch/transition.c),
// and signals those that stay behind every 15 s; there is nothing else to do but to wait, to say who
// blocks, or to turn back. Nothing here forces a transition: a forced live patch can never be unloaded.
//
//   TransitionWatch watch(name, Goal::patched, now(), 60s);
//   while (true) {
//     const auto phase = TRY(watch.step(root, now()));
//     if (phase != Phase::moving) break;
//     …wait until watch.next()…
//   }
#pragma once

#include <string>

#include "host/clock.h"
#include "host/root.h"

namespace suture::host {

enum class Goal {
  patched,   ///< enabled, its transition over
  unpatched  ///< gone from sysfs: disabled, or replaced by another
};

enum class Phase {
  moving,
  reached,
  stalled,  ///< still moving, and the patience is over
  turned    ///< going the other way, or already there: somebody else turned it back, or removed it
};

class TransitionWatch {
 public:
  TransitionWatch(std::string patch, Goal goal, Instant began, Milliseconds patience)
      : patch_(std::move(patch)), goal_(goal), began_(began), patience_(patience), next_(began) {}

  /// Looks once, and does not wait. Fails if sysfs cannot be read.
  Result<Phase> step(const Root& root, Instant now);
  /// When to look again: soon at first, after a while less often (10 ms to 1 s).
  Instant next() const { return next_; }
  Milliseconds waited(Instant now) const { return std::chrono::duration_cast<Milliseconds>(now - began_); }

 private:
  Result<Phase> look(const Root& root) const;

  std::string patch_;
  Goal goal_;
  Instant began_;
  Milliseconds patience_;
  Instant next_;
};

}  // namespace suture::host
