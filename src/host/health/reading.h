// How the host is, in numbers, at one moment; and what changed between two moments.
//
// A Reading holds what the kernel counts, most of it since boot; it is cheap (a dozen small files) and means
// little alone. rates() makes the metrics of it, by which two spans of time can be compared.
#pragma once

#include <array>
#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/clock.h"
#include "host/root.h"

namespace suture::host {

/// One block device (not a partition, loop or RAM disk), since boot (Documentation/admin-guide/iostats.rst).
struct DiskCounters {
  std::string name;
  std::uint64_t operations = 0;  ///< reads, writes, discards and flushes that ended
  std::uint64_t busy_ms = 0;     ///< what those took, added up
  bool operator==(const DiskCounters&) const = default;
};

struct Unreadable {
  std::string what;  ///< a file
  std::string why;
};
BOOST_DESCRIBE_STRUCT(Unreadable, (), (what, why))

/// What is empty could not be read: see `unreadable`.
struct Reading {
  using Number = std::optional<std::uint64_t>;

  Instant at{};
  Number taint = {};
  Number oopses = {}, warnings = {};  ///< /sys/kernel/oops_count, warn_count (6.2, and 6.1.8 on)
  Number hung_tasks = {};             ///< hung_task_detect_count: 6.13 on; else count the log's
  Number cpu_stalled_us = {}, memory_stalled_us = {}, io_stalled_us = {};       ///< /proc/pressure: some task waited
  Number memory_full_us = {}, io_full_us = {};                                  ///< all tasks waited
  Number cpu_ticks = {}, busy_ticks = {}, iowait_ticks = {}, steal_ticks = {};  ///< /proc/stat, over all CPUs
  Number interrupts = {}, context_switches = {}, forks = {};
  Number runnable = {}, blocked = {};  ///< tasks at this moment
  Number cpus = {};
  Number memory_available_kb = {}, unreclaimable_slab_kb = {}, kernel_stack_kb = {};
  Number tcp_sent = {}, tcp_retransmitted = {}, tcp_resets_sent = {}, tcp_timeouts = {}, listen_drops = {};
  Number packets = {}, packet_errors = {};  ///< of all interfaces but the loopback: received and sent, errors and drops
  std::vector<DiskCounters> disks = {};
  std::vector<Unreadable> unreadable = {};
};

/// Never fails: what cannot be read stays empty, and is named.
Reading take_reading(const Root& root, Instant now);

enum class Metric : std::uint8_t {
  new_taint,             ///< bits of the mask that were not set before
  oopses,                ///< in the span, not a second
  warnings,              ///< in the span
  hung_tasks,            ///< in the span
  cpu_pressure,          ///< share of the span in which some task waited for a CPU, 0 to 1
  memory_pressure,       ///< … for memory
  io_pressure,           ///< … for I/O
  memory_full_pressure,  ///< share in which all tasks waited for memory
  io_full_pressure,      ///< … for I/O
  cpu_busy,              ///< share of the CPUs' time, 0 to 1; neither idle nor waiting for I/O
  io_wait,               ///< share of the CPUs' time
  cpu_steal,             ///< share that the hypervisor gave to others
  run_queue,             ///< runnable tasks a CPU, at the end
  blocked_tasks,         ///< in uninterruptible sleep, at the end
  disk_latency_ms,       ///< of an operation, over all disks
  slowest_disk_ms,       ///< of the slowest disk that did at least ten operations
  disk_operations,       ///< a second
  tcp_retransmits,       ///< share of the segments sent
  tcp_resets,            ///< sent, a second
  tcp_timeouts,          ///< a second
  listen_drops,          ///< a second
  memory_used_growth,    ///< KiB a second that are no longer available; negative when memory was freed
  slab_growth,           ///< KiB a second, unreclaimable
  kernel_stack_growth,   ///< KiB a second
  interrupts,            ///< a second
  context_switches,      ///< a second
  forks,                 ///< a second
  packets,               ///< a second
  packet_errors          ///< a second
};
inline constexpr std::size_t metric_count = 29;

/// "disk_latency_ms": as in the configuration, in JSON and in Prometheus' text.
std::string_view metric_name(Metric metric);
std::optional<Metric> metric_of(std::string_view name);

/// Whether more of it is worse, or it says how much the host has to do.
enum class Meaning : std::uint8_t { harm, load };
Meaning metric_meaning(Metric metric);

/// What a span of time was like. What is empty is unknown: a reading lacks it, or a counter went backwards
/// (it was reset, or what it counted went away).
struct Rates {
  double seconds = 0;
  std::array<std::optional<double>, metric_count> values = {};

  const std::optional<double>& operator[](Metric metric) const { return values[static_cast<std::size_t>(metric)]; }
  std::optional<double>& operator[](Metric metric) { return values[static_cast<std::size_t>(metric)]; }
};

/// All empty unless `later` is later.
Rates rates(const Reading& earlier, const Reading& later);

}  // namespace suture::host
