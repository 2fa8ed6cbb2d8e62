#include "host/livepatch/transition.h"

#include <algorithm>

#include "host/livepatch/live_patches.h"

namespace suture::host {

Result<Phase> TransitionWatch::look(const Root& root) const {
  const auto here = "/sys/kernel/livepatch/" + patch_;
  if (!has_live_patch(root, patch_)) {
    // Without this, a sysfs that went away would look like a live patch that did.
    if (!root.has("/sys/kernel/livepatch")) return fail("/sys/kernel/livepatch: is not there");
    return goal_ == Goal::unpatched ? Phase::reached : Phase::turned;
  }
  const auto enabled = root.flag(here + "/enabled");
  const auto transition = root.flag(here + "/transition");
  if (!enabled || !transition) {
    if (!has_live_patch(root, patch_)) return goal_ == Goal::unpatched ? Phase::reached : Phase::turned;
    return fail(!enabled ? enabled.error() : transition.error());
  }
  if (goal_ == Goal::patched) {
    if (!*enabled) return Phase::turned;
    return *transition ? Phase::moving : Phase::reached;
  }
  // A live patch that is being replaced stays enabled, without a transition of its own, until the new one's
  // is over: that is moving too. One that is enabled and in transition goes the other way.
  return *enabled && *transition ? Phase::turned : Phase::moving;
}

Result<Phase> TransitionWatch::step(const Root& root, Instant now) {
  auto phase = TRY(look(root));
  if (phase == Phase::moving && now - began_ >= patience_) phase = Phase::stalled;
  next_ = now + std::clamp<Clock::duration>((now - began_) / 8, Milliseconds(10), Milliseconds(1000));
  return phase;
}

}  // namespace suture::host
