#include <algorithm>

#include "host/health/reading.h"

namespace suture::host {
namespace {

using Number = Reading::Number;

struct Described {
  std::string_view name;
  Meaning meaning;
};

// In the order of Metric.
constexpr std::array<Described, metric_count> described{{
    {"new_taint", Meaning::harm},
    {"oopses", Meaning::harm},
    {"warnings", Meaning::harm},
    {"hung_tasks", Meaning::harm},
    {"cpu_pressure", Meaning::harm},
    {"memory_pressure", Meaning::harm},
    {"io_pressure", Meaning::harm},
    {"memory_full_pressure", Meaning::harm},
    {"io_full_pressure", Meaning::harm},
    {"cpu_busy", Meaning::load},
    {"io_wait", Meaning::harm},
    {"cpu_steal", Meaning::harm},
    {"run_queue", Meaning::harm},
    {"blocked_tasks", Meaning::harm},
    {"disk_latency_ms", Meaning::harm},
    {"slowest_disk_ms", Meaning::harm},
    {"disk_operations", Meaning::load},
    {"tcp_retransmits", Meaning::harm},
    {"tcp_resets", Meaning::harm},
    {"tcp_timeouts", Meaning::harm},
    {"listen_drops", Meaning::harm},
    {"memory_used_growth", Meaning::harm},
    {"slab_growth", Meaning::harm},
    {"kernel_stack_growth", Meaning::harm},
    {"interrupts", Meaning::load},
    {"context_switches", Meaning::load},
    {"forks", Meaning::load},
    {"packets", Meaning::load},
    {"packet_errors", Meaning::harm},
}};
static_assert(static_cast<std::size_t>(Metric::packet_errors) + 1 == metric_count);

// How far a counter came; nothing if it went backwards.
std::optional<double> gain(const Number& earlier, const Number& later) {
  if (!earlier || !later || *later < *earlier) return std::nullopt;
  return static_cast<double>(*later - *earlier);
}

std::optional<double> over(std::optional<double> amount, std::optional<double> whole) {
  if (!amount || !whole || *whole <= 0) return std::nullopt;
  return *amount / *whole;
}

// The same where nothing of nothing is nothing: no segment sent, none sent again.
std::optional<double> share(std::optional<double> amount, std::optional<double> whole) {
  if (amount && whole && *whole == 0) return 0;
  return over(amount, whole);
}

// How fast an amount grows, or shrinks.
std::optional<double> growth(const Number& earlier, const Number& later, double seconds) {
  if (!earlier || !later) return std::nullopt;
  return (static_cast<double>(*later) - static_cast<double>(*earlier)) / seconds;
}

void compare_disks(const Reading& earlier, const Reading& later, Rates& rates) {
  double operations = 0;
  double busy = 0;
  double slowest = 0;
  bool any = false;
  for (const auto& disk : later.disks) {
    const auto before = std::find_if(earlier.disks.begin(), earlier.disks.end(),
                                     [&](const DiskCounters& other) { return other.name == disk.name; });
    if (before == earlier.disks.end() || disk.operations < before->operations || disk.busy_ms < before->busy_ms)
      continue;
    any = true;
    const auto done = static_cast<double>(disk.operations - before->operations);
    const auto took = static_cast<double>(disk.busy_ms - before->busy_ms);
    operations += done;
    busy += took;
    constexpr double enough = 10;
    if (done >= enough) slowest = std::max(slowest, took / done);
  }
  if (!any) return;
  rates[Metric::disk_operations] = operations / rates.seconds;
  rates[Metric::disk_latency_ms] = operations > 0 ? busy / operations : 0;
  rates[Metric::slowest_disk_ms] = slowest;
}

}  // namespace

std::string_view metric_name(Metric metric) { return described[static_cast<std::size_t>(metric)].name; }
Meaning metric_meaning(Metric metric) { return described[static_cast<std::size_t>(metric)].meaning; }

std::optional<Metric> metric_of(std::string_view name) {
  const auto found =
      std::find_if(described.begin(), described.end(), [&](const Described& each) { return each.name == name; });
  if (found == described.end()) return std::nullopt;
  return static_cast<Metric>(found - described.begin());
}

Rates rates(const Reading& earlier, const Reading& later) {
  Rates rates;
  rates.seconds = std::chrono::duration<double>(later.at - earlier.at).count();
  if (rates.seconds <= 0) return rates;
  const double seconds = rates.seconds;
  const double microseconds = seconds * 1e6;

  if (earlier.taint && later.taint) rates[Metric::new_taint] = static_cast<double>(*later.taint & ~*earlier.taint);
  rates[Metric::oopses] = gain(earlier.oopses, later.oopses);
  rates[Metric::warnings] = gain(earlier.warnings, later.warnings);
  rates[Metric::hung_tasks] = gain(earlier.hung_tasks, later.hung_tasks);

  rates[Metric::cpu_pressure] = over(gain(earlier.cpu_stalled_us, later.cpu_stalled_us), microseconds);
  rates[Metric::memory_pressure] = over(gain(earlier.memory_stalled_us, later.memory_stalled_us), microseconds);
  rates[Metric::io_pressure] = over(gain(earlier.io_stalled_us, later.io_stalled_us), microseconds);
  rates[Metric::memory_full_pressure] = over(gain(earlier.memory_full_us, later.memory_full_us), microseconds);
  rates[Metric::io_full_pressure] = over(gain(earlier.io_full_us, later.io_full_us), microseconds);

  const auto ticks = gain(earlier.cpu_ticks, later.cpu_ticks);
  rates[Metric::cpu_busy] = over(gain(earlier.busy_ticks, later.busy_ticks), ticks);
  rates[Metric::io_wait] = over(gain(earlier.iowait_ticks, later.iowait_ticks), ticks);
  rates[Metric::cpu_steal] = over(gain(earlier.steal_ticks, later.steal_ticks), ticks);
  if (later.runnable && later.cpus)
    rates[Metric::run_queue] = static_cast<double>(*later.runnable) / static_cast<double>(*later.cpus);
  if (later.blocked) rates[Metric::blocked_tasks] = static_cast<double>(*later.blocked);
  compare_disks(earlier, later, rates);

  rates[Metric::tcp_retransmits] =
      share(gain(earlier.tcp_retransmitted, later.tcp_retransmitted), gain(earlier.tcp_sent, later.tcp_sent));
  rates[Metric::tcp_resets] = over(gain(earlier.tcp_resets_sent, later.tcp_resets_sent), seconds);
  rates[Metric::tcp_timeouts] = over(gain(earlier.tcp_timeouts, later.tcp_timeouts), seconds);
  rates[Metric::listen_drops] = over(gain(earlier.listen_drops, later.listen_drops), seconds);

  rates[Metric::memory_used_growth] = growth(later.memory_available_kb, earlier.memory_available_kb, seconds);
  rates[Metric::slab_growth] = growth(earlier.unreclaimable_slab_kb, later.unreclaimable_slab_kb, seconds);
  rates[Metric::kernel_stack_growth] = growth(earlier.kernel_stack_kb, later.kernel_stack_kb, seconds);

  rates[Metric::interrupts] = over(gain(earlier.interrupts, later.interrupts), seconds);
  rates[Metric::context_switches] = over(gain(earlier.context_switches, later.context_switches), seconds);
  rates[Metric::forks] = over(gain(earlier.forks, later.forks), seconds);
  rates[Metric::packets] = over(gain(earlier.packets, later.packets), seconds);
  rates[Metric::packet_errors] = over(gain(earlier.packet_errors, later.packet_errors), seconds);
  return rates;
}

}  // namespace suture::host
