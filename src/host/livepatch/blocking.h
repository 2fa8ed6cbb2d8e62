// Who keeps a transition from ending.
#pragma once

#include <sys/types.h>

#include <boost/describe/class.hpp>
#include <string>
#include <vector>

#include "host/known.h"
#include "host/livepatch/transition.h"
#include "host/root.h"

namespace suture::host {

struct BlockingTask {
  std::int64_t process = 0;  ///< the thread group
  std::int64_t thread = 0;
  std::string name{};                       ///< comm; what is not printable is '?'
  Known<bool> kernel_thread{};              ///< the kernel only wakes those; it signals the others
  Known<std::vector<std::string>> stack{};  ///< innermost first, "hrtimer_nanosleep+0xb1/0x190"
};
BOOST_DESCRIBE_STRUCT(BlockingTask, (), (process, thread, name, kernel_thread, stack))

struct BlockingTasks {
  std::vector<BlockingTask> tasks;  ///< by thread id, at most `most`
  std::size_t count = 0;            ///< all
  std::size_t unreadable = 0;       ///< tasks that would not say: no permission
};
BOOST_DESCRIBE_STRUCT(BlockingTasks, (), (tasks, count, unreadable))

/// All threads of all processes that have not reached `goal`. May be empty while a transition runs: tasks
/// move at any time, and idle tasks of CPUs, which can block too, are not in /proc.
Result<BlockingTasks> blocking_tasks(const Root& root, Goal goal, std::size_t most = 50);

}  // namespace suture::host
