#include "host/health/reading.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/words.h"

namespace suture::host {
namespace {

using Number = Reading::Number;

// Reads files into a Reading, and notes the ones that would not be read.
class Taker {
 public:
  Taker(const Root& root, Reading& reading) : root_(root), reading_(reading) {}

  std::optional<std::string> text(const std::string& file) {
    auto text = root_.text(file);
    if (text) return std::move(*text);
    note(file, text.error().describe());
    return std::nullopt;
  }
  Number number(const std::string& file) {
    const auto number = root_.number(file);
    if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
    note(file, number ? "is negative" : number.error().describe());
    return std::nullopt;
  }
  void note(const std::string& file, std::string why) { reading_.unreadable.push_back({file, std::move(why)}); }

 private:
  const Root& root_;
  Reading& reading_;
};

Number field(const std::vector<std::string_view>& words, std::size_t at) {
  return at < words.size() ? to_number<std::uint64_t>(words[at]) : std::nullopt;
}

// "some avg10=0.00 avg60=0.00 avg300=0.00 total=123" (kernel/sched/psi.c, psi_show()).
void take_pressure(Taker& taker, const std::string& resource, Number& some, Number* full) {
  const auto file = "/proc/pressure/" + resource;
  const auto text = taker.text(file);
  if (!text) return;
  for (const auto line : lines_of(*text)) {
    const auto words = words_of(line);
    if (words.empty() || !words.back().starts_with("total=")) continue;
    const auto total = to_number<std::uint64_t>(words.back().substr(6));
    if (words.front() == "some") some = total;
    if (words.front() == "full" && full != nullptr) *full = total;
  }
  if (!some) taker.note(file, "has no total");
}

// Documentation/filesystems/proc.rst, 1.7. Guest time is part of user time already.
void take_stat(Taker& taker, Reading& reading) {
  const auto text = taker.text("/proc/stat");
  if (!text) return;
  std::uint64_t cpus = 0;
  for (const auto line : lines_of(*text)) {
    const auto words = words_of(line);
    if (words.empty()) continue;
    const auto name = words[0];
    if (name == "cpu" && words.size() > 8) {
      std::array<std::uint64_t, 8> ticks{};  // user nice system idle iowait irq softirq steal
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < ticks.size(); ++i) sum += ticks[i] = field(words, i + 1).value_or(0);
      reading.cpu_ticks = sum;
      reading.iowait_ticks = ticks[4];
      reading.steal_ticks = ticks[7];
      reading.busy_ticks = sum - ticks[3] - ticks[4] - ticks[7];
    } else if (name.starts_with("cpu")) {
      ++cpus;
    } else if (name == "intr") {
      reading.interrupts = field(words, 1);
    } else if (name == "ctxt") {
      reading.context_switches = field(words, 1);
    } else if (name == "processes") {
      reading.forks = field(words, 1);
    } else if (name == "procs_running") {
      reading.runnable = field(words, 1);
    } else if (name == "procs_blocked") {
      reading.blocked = field(words, 1);
    }
  }
  if (cpus > 0) reading.cpus = cpus;
  if (!reading.cpu_ticks) taker.note("/proc/stat", "has no line of all CPUs");
}

void take_memory(Taker& taker, Reading& reading) {
  const auto text = taker.text("/proc/meminfo");
  if (!text) return;
  const std::array<std::pair<std::string_view, Number*>, 3> wanted{{{"MemAvailable:", &reading.memory_available_kb},
                                                                    {"SUnreclaim:", &reading.unreclaimable_slab_kb},
                                                                    {"KernelStack:", &reading.kernel_stack_kb}}};
  for (const auto line : lines_of(*text)) {
    const auto words = words_of(line);
    for (const auto& [name, number] : wanted) {
      if (!words.empty() && words[0] == name) *number = field(words, 1);
    }
  }
}

// /proc/net/snmp and netstat: a line of names, then a line of numbers, both beginning with "Tcp:".
void take_table(Taker& taker, const std::string& file, std::string_view head,
                const std::vector<std::pair<std::string_view, Number*>>& wanted) {
  const auto text = taker.text(file);
  if (!text) return;
  std::vector<std::string_view> names;
  for (const auto line : lines_of(*text)) {
    auto words = words_of(line);
    if (words.empty() || words[0] != head) continue;
    if (names.empty()) {
      names = std::move(words);
      continue;
    }
    for (std::size_t i = 1; i < names.size(); ++i) {
      for (const auto& [name, number] : wanted) {
        if (names[i] == name) *number = field(words, i);
      }
    }
    return;
  }
  taker.note(file, fmt::format("has no lines of {}", head));
}

// "  eth0: rbytes rpackets rerrs rdrop fifo frame compressed multicast tbytes tpackets terrs tdrop …"
void take_interfaces(Taker& taker, Reading& reading) {
  const auto text = taker.text("/proc/net/dev");
  if (!text) return;
  std::uint64_t packets = 0;
  std::uint64_t errors = 0;
  for (auto line : lines_of(*text)) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;  // the two lines of heads
    const auto name = words_of(line.substr(0, colon));
    if (name.empty() || name[0] == "lo") continue;
    const auto words = words_of(line.substr(colon + 1));
    for (const std::size_t at : {1U, 9U}) packets += field(words, at).value_or(0);
    for (const std::size_t at : {2U, 3U, 10U, 11U}) errors += field(words, at).value_or(0);
  }
  reading.packets = packets;
  reading.packet_errors = errors;
}

// Partitions would count twice, loop and RAM disks serve others or nothing.
bool is_whole_disk(const Root& root, std::string_view name) {
  if (name.starts_with("loop") || name.starts_with("ram") || name.starts_with("zram")) return false;
  std::string entry(name);
  std::replace(entry.begin(), entry.end(), '/', '!');  // sysfs' own way of writing "cciss/c0d0"
  return root.has("/sys/block/" + entry);
}

void take_disks(const Root& root, Taker& taker, Reading& reading) {
  const auto text = taker.text("/proc/diskstats");
  if (!text) return;
  for (const auto line : lines_of(*text)) {
    const auto words = words_of(line);
    if (words.size() < 14 || !is_whole_disk(root, words[2])) continue;
    DiskCounters disk;
    disk.name = words[2];
    // Operations and milliseconds of reads, writes, discards (4.18 on) and flushes (5.5 on).
    for (const std::size_t at : {3U, 7U, 14U, 18U}) disk.operations += field(words, at).value_or(0);
    for (const std::size_t at : {6U, 10U, 17U, 19U}) disk.busy_ms += field(words, at).value_or(0);
    reading.disks.push_back(std::move(disk));
  }
}

}  // namespace

Reading take_reading(const Root& root, Instant now) {
  Reading reading;
  reading.at = now;
  Taker taker(root, reading);
  reading.taint = taker.number("/proc/sys/kernel/tainted");
  reading.oopses = taker.number("/sys/kernel/oops_count");
  reading.warnings = taker.number("/sys/kernel/warn_count");
  reading.hung_tasks = taker.number("/proc/sys/kernel/hung_task_detect_count");
  take_pressure(taker, "cpu", reading.cpu_stalled_us, nullptr);
  take_pressure(taker, "memory", reading.memory_stalled_us, &reading.memory_full_us);
  take_pressure(taker, "io", reading.io_stalled_us, &reading.io_full_us);
  take_stat(taker, reading);
  take_memory(taker, reading);
  take_table(taker, "/proc/net/snmp", "Tcp:",
             {{"OutSegs", &reading.tcp_sent},
              {"RetransSegs", &reading.tcp_retransmitted},
              {"OutRsts", &reading.tcp_resets_sent}});
  take_table(taker, "/proc/net/netstat",
             "TcpExt:", {{"TCPTimeouts", &reading.tcp_timeouts}, {"ListenDrops", &reading.listen_drops}});
  take_interfaces(taker, reading);
  take_disks(root, taker, reading);
  return reading;
}

}  // namespace suture::host
