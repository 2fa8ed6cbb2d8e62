#include "host/log/events.h"
#include "base/words.h"

#include <algorithm>

namespace suture::host {
namespace {

struct Mark {
  std::string_view part;
  LogEvent event;
  bool at_start = false;
};

// The first that fits decides. Where the words come from: kernel/panic.c, kernel/watchdog.c,
// kernel/watchdog_hld.c (perf), kernel/workqueue.c, kernel/hung_task.c, kernel/rcu/tree_stall.h,
// tree_exp.h, mm/oom_kill.c, lib/bug.c, mm/kasan/report.c, kernel/locking/lockdep.c, block/blk-core.c,
// fs/*/super.c, kernel/livepatch/*.c of 6.1 and 6.12.
constexpr std::array<Mark, 35> marks{{
    {"livepatch: ", LogEvent::livepatch, true},
    {"Kernel panic - not syncing", LogEvent::panic},
    {"BUG: soft lockup", LogEvent::soft_lockup},
    {"BUG: workqueue lockup", LogEvent::soft_lockup},
    {"hard LOCKUP", LogEvent::hard_lockup},
    {" blocked for more than ", LogEvent::hung_task},
    {"detected stalls on CPUs/tasks", LogEvent::rcu_stall},
    {"self-detected stall on CPU", LogEvent::rcu_stall},
    {"detected expedited stalls", LogEvent::rcu_stall},
    {"Out of memory: Killed process", LogEvent::out_of_memory},
    {"Memory cgroup out of memory: Killed process", LogEvent::out_of_memory},
    {"[Hardware Error]", LogEvent::hardware},
    {"Uhhuh. NMI received", LogEvent::hardware},
    {"kernel BUG at ", LogEvent::bug},
    {"BUG: ", LogEvent::bug},
    {"UBSAN: ", LogEvent::bug, true},
    {"WARNING: possible circular locking dependency", LogEvent::bug, true},
    {"WARNING: possible recursive locking", LogEvent::bug, true},
    {"WARNING: possible irq lock inversion", LogEvent::bug, true},
    {"WARNING: inconsistent lock state", LogEvent::bug, true},
    {"WARNING: suspicious RCU usage", LogEvent::bug, true},
    {"WARNING: bad unlock balance", LogEvent::bug, true},
    {"WARNING: ", LogEvent::warning, true},
    {"Unpatched return thunk in use", LogEvent::warning},
    {"I/O error, dev ", LogEvent::io_error},
    {"Buffer I/O error", LogEvent::io_error},
    {"critical medium error, dev ", LogEvent::io_error},
    {"critical target error, dev ", LogEvent::io_error},
    {"EXT4-fs error", LogEvent::io_error, true},
    {"EXT4-fs (", LogEvent::io_error, true},
    {"XFS (", LogEvent::io_error, true},
    {"BTRFS error", LogEvent::io_error, true},
    {"BTRFS critical", LogEvent::io_error, true},
    {"Remounting filesystem read-only", LogEvent::io_error},
    {"nvme", LogEvent::io_error, true},
}};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

// Not in the middle of a word: "DEBUG: " is no "BUG: ".
bool says(std::string_view text, std::string_view part) {
  const auto at = text.find(part);
  return at != std::string_view::npos && (at == 0 || !is_word(text[at - 1]) || !is_word(part[0]));
}

// File systems and drivers say much that is no error; of them only these words count.
bool is_real_io_error(std::string_view text, const Mark& mark) {
  if (mark.part == "EXT4-fs (") return contains(text, "): error") || contains(text, "Remounting filesystem read-only");
  if (mark.part == "XFS (") return contains(text, "Corruption") || contains(text, "Shutting down filesystem");
  if (mark.part == "nvme")
    return contains(text, "controller is down") || contains(text, "I/O timeout") || contains(text, "timeout, aborting");
  return true;
}

// kernel/livepatch/*.c: what it prints as a warning or an error, by its words.
bool is_livepatch_failure(std::string_view text) {
  constexpr std::array<std::string_view, 9> words{"failed",
                                                  "Failed",
                                                  "not found",
                                                  "not compatible",
                                                  "unresolvable ambiguity",
                                                  "not marked",
                                                  "incorrectly formatted",
                                                  "invalid",
                                                  "forcing remaining tasks"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return contains(text, word); });
}

// "Oops: 0002 [#1] PREEMPT SMP", "invalid opcode: 0000 [#2]", "general protection fault, …: 0000 [#1]"
// (arch/x86/kernel/dumpstack.c, __die_header()). Since 6.10 "Oops: " stands before each.
bool is_oops(std::string_view text) {
  const auto at = text.find(" [#");
  if (at == std::string_view::npos || at < 6) return false;
  auto digits = text.substr(at + 3);
  digits = digits.substr(0, digits.find(']'));
  const bool counted = !digits.empty() && digits.size() < 8 &&
                       std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto code = text.substr(at - 4, 4);
  return counted && text[at - 5] == ' ' && text[at - 6] == ':' &&
         std::all_of(code.begin(), code.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

constexpr std::array<std::string_view, log_event_count> names{
    "panic",     "oops",          "bug",      "warning",  "soft_lockup", "hard_lockup",     "hung_task",
    "rcu_stall", "out_of_memory", "hardware", "io_error", "livepatch",   "livepatch_failed"};

// "function+0x", the whole word.
bool names_function(std::string_view line, std::string_view function) {
  for (auto at = line.find(function); at != std::string_view::npos; at = line.find(function, at + 1)) {
    auto rest = line.substr(at + function.size());
    // The compiler's variants of it: "function.isra.0+0x…", "function.cold+0x…".
    if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.find('+'), rest.size()));
    if ((at == 0 || !is_word(line[at - 1])) && rest.starts_with("+0x")) return true;
  }
  return false;
}

}  // namespace

std::string_view name_of(LogEvent event) { return names[static_cast<std::size_t>(event)]; }

std::optional<LogEvent> classify(std::string_view text) {
  if (is_oops(text)) return LogEvent::oops;
  for (const auto& mark : marks) {
    if (mark.at_start ? !text.starts_with(mark.part) : !says(text, mark.part)) continue;
    if (mark.event == LogEvent::io_error && !is_real_io_error(text, mark)) continue;
    if (mark.event == LogEvent::livepatch && is_livepatch_failure(text)) return LogEvent::livepatch_failed;
    return mark.event;
  }
  return std::nullopt;
}

void LogCounts::add(const std::vector<LogRecord>& records) {
  for (const auto& record : records) {
    const auto event = record.from_kernel ? classify(record.text) : std::nullopt;
    if (!event) continue;
    const auto index = static_cast<std::size_t>(*event);
    if (counts[index]++ == 0) first[index] = record.text;
  }
}

bool is_damage(LogEvent event) {
  switch (event) {
    case LogEvent::panic:
    case LogEvent::oops:
    case LogEvent::bug:
    case LogEvent::warning:
    case LogEvent::soft_lockup:
    case LogEvent::hard_lockup:
    case LogEvent::hung_task:
    case LogEvent::rcu_stall:
      return true;
    default:
      return false;
  }
}

std::vector<std::string> functions_named(const std::vector<std::string_view>& lines,
                                         const std::vector<std::string>& functions) {
  std::vector<std::string> named;
  for (const auto& function : functions) {
    if (std::find(named.begin(), named.end(), function) != named.end()) continue;
    if (std::any_of(lines.begin(), lines.end(), [&](std::string_view line) { return names_function(line, function); }))
      named.push_back(function);
  }
  return named;
}

bool module_named(const std::vector<std::string_view>& lines, std::string_view module) {
  const auto brackets = fmt::format(" [{}", module);
  return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
    const auto at = line.find(brackets);
    if (at == std::string_view::npos || at + brackets.size() >= line.size()) return false;
    // "[module]", and with the build-id that %pBb adds: "[module a1b2…]" (kernel/kallsyms.c).
    const char after = line[at + brackets.size()];
    return (after == ']' || after == ' ') && contains(line.substr(0, at), "+0x");
  });
}

}  // namespace suture::host
