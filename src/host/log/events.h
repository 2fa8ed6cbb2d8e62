// What lines of the kernel log report.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/kernel_log.h"

namespace suture::host {

enum class LogEvent : std::uint8_t {
  panic,            ///< the kernel gave up
  oops,             ///< it killed a task over a fault or a BUG; one for each "[#N]"
  bug,              ///< a BUG, a sanitizer or lockdep report
  warning,          ///< a WARNING
  soft_lockup,      ///< a CPU did not schedule for long, or a work queue did not move
  hard_lockup,      ///< a CPU did not take interrupts for long
  hung_task,        ///< a task is in uninterruptible sleep for long
  rcu_stall,        ///< a CPU or task held back RCU
  out_of_memory,    ///< a task was killed for want of memory
  hardware,         ///< a machine check, or an error corrected by hardware
  io_error,         ///< a block device or file system
  livepatch,        ///< said by the kernel's livepatch core; most are information
  livepatch_failed  ///< the same, of a failure
};
inline constexpr std::size_t log_event_count = 13;

std::string_view name_of(LogEvent event);

/// What a line reports, if anything. `text` is without level and time.
std::optional<LogEvent> classify(std::string_view text);

struct LogCounts {
  std::array<std::uint64_t, log_event_count> counts = {};
  std::array<std::string, log_event_count> first = {};  ///< the first line of each, for messages

  std::uint64_t operator[](LogEvent event) const { return counts[static_cast<std::size_t>(event)]; }
  /// Counts what the kernel itself said.
  void add(const std::vector<LogRecord>& records);
};

/// Whether this many of it say that the kernel is hurt.
bool is_damage(LogEvent event);

/// Of `functions` those that the lines name as places in code, "function+0x12/0x34": in a register dump, a
/// stack trace or a report. In the order given, each once.
std::vector<std::string> functions_named(const std::vector<std::string_view>& lines,
                                         const std::vector<std::string>& functions);
/// Whether code of a module is named: "function+0x12/0x34 [module]". Its mere mention in the list of
/// loaded modules does not count.
bool module_named(const std::vector<std::string_view>& lines, std::string_view module);

}  // namespace suture::host
