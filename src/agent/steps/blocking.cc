#include "agent/steps/blocking.h"

#include "host/livepatch/blocking.h"

namespace suture::agent {

std::vector<BlockingTask> tasks_that_block(const host::Root& root, const host::LivePatchState& patch) {
  std::vector<BlockingTask> tasks;
  if (!patch.transition) return tasks;
  const auto found = host::blocking_tasks(root, patch.enabled ? host::Goal::patched : host::Goal::unpatched);
  if (!found) return tasks;
  for (const auto& task : found->tasks) {
    std::string stack;
    if (task.stack)
      for (const auto& frame : *task.stack) stack += frame + "\n";
    tasks.push_back({static_cast<int>(task.thread), task.name, std::move(stack)});
  }
  return tasks;
}

}  // namespace suture::agent
