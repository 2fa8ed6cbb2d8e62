#include "host/livepatch/blocking.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/words.h"

namespace suture::host {
namespace {

// include/linux/livepatch.h: KLP_UNPATCHED 0, KLP_PATCHED 1; -1 outside a transition.
constexpr std::int64_t behind(Goal goal) { return goal == Goal::patched ? 0 : 1; }

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c == '\x7f') c = '?';
  }
  return out;
}

// Lines are "[<0>] hrtimer_nanosleep+0xb1/0x190" (fs/proc/base.c, proc_pid_stack()).
Known<std::vector<std::string>> stack(const Root& root, const std::string& task) {
  const auto text = root.text(task + "/stack", 1 << 16);
  if (!text) return fail(text.error());
  std::vector<std::string> frames;
  for (auto line : lines_of(*text)) {
    if (const auto close = line.find("] "); line.starts_with("[<") && close != std::string_view::npos)
      line.remove_prefix(close + 2);
    frames.push_back(printable(line));
  }
  return frames;
}

// Field 9 of stat is the flags, of which PF_KTHREAD is 0x00200000 (include/linux/sched.h). The name in
// field 2 may hold anything, so fields are counted from its last parenthesis.
Known<bool> is_kernel_thread(const Root& root, const std::string& task) {
  const auto text = root.text(task + "/stat", 1 << 16);
  if (!text) return fail(text.error());
  const auto name_end = text->rfind(')');
  const auto words =
      words_of(name_end == std::string::npos ? std::string_view() : std::string_view(*text).substr(name_end + 1));
  const auto flags = words.size() > 6 ? to_number<std::uint64_t>(words[6]) : std::nullopt;
  if (!flags) return fail("{}/stat: has no flags", task);
  return (*flags & 0x00200000U) != 0;
}

std::string path_of(const BlockingTask& task) { return fmt::format("/proc/{}/task/{}", task.process, task.thread); }

// Who they are, without names and stacks; adds those who would not say to `unreadable`.
Result<std::vector<BlockingTask>> who_stayed_behind(const Root& root, Goal goal, std::size_t& unreadable) {
  std::vector<BlockingTask> tasks;
  for (const auto& process : TRY(root.names("/proc"))) {
    const auto process_id = to_number<std::int64_t>(process);
    if (!process_id) continue;
    const auto threads = root.names("/proc/" + process + "/task");
    if (!threads) continue;  // it has ended
    for (const auto& thread : *threads) {
      const auto thread_id = to_number<std::int64_t>(thread);
      if (!thread_id) continue;
      BlockingTask task{.process = *process_id, .thread = *thread_id};
      const auto state = root.number(path_of(task) + "/patch_state");
      // One that has ended says nothing either, but it is not there any more.
      if (!state && root.has(path_of(task) + "/patch_state")) ++unreadable;
      if (state && *state == behind(goal)) tasks.push_back(std::move(task));
    }
  }
  return tasks;
}

}  // namespace

Result<BlockingTasks> blocking_tasks(const Root& root, Goal goal, std::size_t most) {
  BlockingTasks found;
  found.tasks = TRY(who_stayed_behind(root, goal, found.unreadable));
  found.count = found.tasks.size();
  std::sort(found.tasks.begin(), found.tasks.end(),
            [](const BlockingTask& a, const BlockingTask& b) { return a.thread < b.thread; });
  found.tasks.resize(std::min(found.count, most));
  for (auto& task : found.tasks) {
    task.name = printable(root.line(path_of(task) + "/comm").value_or(""));
    task.kernel_thread = is_kernel_thread(root, path_of(task));
    task.stack = stack(root, path_of(task));
  }
  return found;
}

}  // namespace suture::host
