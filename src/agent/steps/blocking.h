#pragma once

#include <vector>

#include "agent/plan/step.h"
#include "host/livepatch/live_patches.h"

namespace suture::agent {

/// The tasks that keep this live patch's transition from ending; none if it is in no transition, or if nobody
/// can tell.
std::vector<BlockingTask> tasks_that_block(const host::Root& root, const host::LivePatchState& patch);

}  // namespace suture::agent
