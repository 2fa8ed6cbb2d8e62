#include "host/health/reading.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;
using namespace std::chrono_literals;

constexpr auto disk_before =
    "254 0 vda 100 0 0 200 100 0 0 300 0 0 0 0 0 0 0 0 0\n254 1 vda1 100 0 0 200 100 0 0 300 0 0 0 0 0 0 0 0 0\n7 0 "
    "loop0 9 0 0 9 9 0 0 9 0 0 0\n";
constexpr auto disk_after =
    "254 0 vda 110 0 0 260 110 0 0 440 0 0 0 0 0 0 0 0 0\n254 1 vda1 900 0 0 900 900 0 0 900 0 0 0 0 0 0 0 0 0\n7 0 "
    "loop0 99 0 0 99 99 0 0 99 0 0 0\n";

TEST(Rates, DisksAreJudgedByTheTimeOfAnOperation) {
  auto tree = Tree::of("== directory /sys/block/vda\n== directory /sys/block/loop0\n");
  const auto before = take_reading(tree.set("/proc/diskstats", disk_before).root(), Instant(0s));
  const auto after = take_reading(tree.set("/proc/diskstats", disk_after).root(), Instant(10s));
  ASSERT_EQ(before.disks.size(), 1U);
  const auto change = rates(before, after);
  EXPECT_EQ(change[Metric::disk_operations], 2.0);
  EXPECT_EQ(change[Metric::disk_latency_ms], 10.0);
  EXPECT_EQ(change[Metric::slowest_disk_ms], 10.0);
  EXPECT_FALSE(change[Metric::cpu_busy]);
}

TEST(Rates, SharesAreOfTheSpanAndOfTheProcessorsTime) {
  auto tree = Tree::of("");
  const auto set = [&](std::string_view cpu, std::string_view pressure) {
    tree.set("/proc/stat", fmt::format("cpu {}\ncpu0 x\ncpu1 x\nprocs_running 3\nprocs_blocked 1\n", cpu));
    tree.set("/proc/pressure/cpu", fmt::format("some avg10=0.00 avg60=0.00 avg300=0.00 total={}\n", pressure));
  };
  set("10 0 10 100 0 0 0 0 0 0", "1000000");
  const auto before = take_reading(tree.root(), Instant(0s));
  set("40 0 20 140 10 0 0 10 0 0", "2000000");
  const auto change = rates(before, take_reading(tree.root(), Instant(10s)));
  EXPECT_DOUBLE_EQ(*change[Metric::cpu_busy], 0.4);
  EXPECT_DOUBLE_EQ(*change[Metric::io_wait], 0.1);
  EXPECT_DOUBLE_EQ(*change[Metric::cpu_steal], 0.1);
  EXPECT_DOUBLE_EQ(*change[Metric::cpu_pressure], 0.1);
  EXPECT_DOUBLE_EQ(*change[Metric::run_queue], 1.5);
  EXPECT_DOUBLE_EQ(*change[Metric::blocked_tasks], 1);
}

TEST(Rates, ACounterThatWentBackwardsIsUnknown) {
  Reading before;
  Reading after;
  after.at = before.at + 1s;
  before.oopses = 2;
  after.oopses = 1;
  before.tcp_sent = after.tcp_sent = 7;
  before.tcp_retransmitted = after.tcp_retransmitted = 1;
  before.memory_available_kb = 1000;
  after.memory_available_kb = 900;
  before.taint = 1;
  after.taint = 128;
  const auto change = rates(before, after);
  EXPECT_FALSE(change[Metric::oopses]);
  EXPECT_EQ(change[Metric::tcp_retransmits], 0.0);
  EXPECT_EQ(change[Metric::memory_used_growth], 100.0);
  EXPECT_EQ(change[Metric::new_taint], 128.0);
  EXPECT_FALSE(rates(after, before)[Metric::new_taint]);
  EXPECT_FALSE(rates(after, after)[Metric::new_taint]);
}

TEST(Rates, MetricsAreKnownByTheirNames) {
  for (std::size_t i = 0; i < metric_count; ++i) {
    const auto metric = static_cast<Metric>(i);
    EXPECT_EQ(metric_of(metric_name(metric)), metric);
  }
  EXPECT_EQ(metric_name(Metric::packet_errors), "packet_errors");
  EXPECT_EQ(metric_name(Metric::disk_latency_ms), "disk_latency_ms");
  EXPECT_FALSE(metric_of("nothing"));
}

TEST(Reading, OddContentIsUnknownAndNamed) {
  auto tree = Tree::of("");
  tree.set("/proc/stat", "cpu\n")
      .set("/proc/pressure/io", "rubbish\n")
      .set("/proc/net/snmp", "Tcp: A B\n")
      .set("/sys/kernel/oops_count", "-1\n")
      .set("/sys/kernel/warn_count", "many\n")
      .set("/proc/diskstats", "1 2\n");
  const auto reading = take_reading(tree.root(), Instant{});
  EXPECT_FALSE(reading.cpu_ticks || reading.io_stalled_us || reading.tcp_sent || reading.oopses || reading.warnings);
  const auto names = [&](std::string_view what) {
    return std::count_if(reading.unreadable.begin(), reading.unreadable.end(),
                         [&](const Unreadable& each) { return each.what == what; });
  };
  for (const auto* file :
       {"/proc/stat", "/proc/pressure/io", "/proc/net/snmp", "/sys/kernel/oops_count", "/sys/kernel/warn_count"})
    EXPECT_EQ(names(file), 1) << file;
}

}  // namespace
}  // namespace suture::host
