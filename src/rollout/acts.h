// What people do to a rollout. Each makes the next state, or says why it cannot be; who may do it, and
// that it is written down, is the caller's.
#pragma once

#include <string>

#include "rollout/state.h"

namespace suture::rollout {

/// Nothing new starts. Hosts that are on their way finish; nothing is taken back.
Status pause(State& state, const std::string& why);
Status resume(State& state);

/// Freezes it as a breach does: every treated host is taken back.
Status abort(State& state, const std::string& why);

/// A host that failed is told again, in its turn.
Status retry(State& state, const HostId& host);

/// A host is given up on: it is gone, or a person sees to it. It no longer keeps others from going back.
Status leave(State& state, const HostId& host, const std::string& why);

/// Goes on with taking back after it did harm: those harmed so far are not counted again.
Status go_on(State& state);

/// A host that was not there when the rollout was created enters a ring that has passed already. It is
/// told in its turn, at the ring's pace, and not part of what let the ring pass.
Status join(Plan& plan, State& state, const std::string& ring, const Host& host);

}  // namespace suture::rollout
