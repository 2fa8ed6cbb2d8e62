#include <gtest/gtest.h>

#include "host/log/events.h"
#include "host/log/kernel_log.h"
#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;

constexpr auto records = R"(6,100,1000000,-;Linux version 6.1.0-54-amd64
4,101,1000001,-,caller=T1;WARNING: CPU: 1 PID: 7 at fs/x.c:1 f+0x1/0x2
 SUBSYSTEM=pci
 DEVICE=+pci:0000:00:1f.2
12,102,1000002,-;Oops: 0002 [#1] said by a user
4,105,1000003,c;Oops: 0002 [#1] PREEMPT SMP NOPTI
6,106,1000004,-;tab\x09and\x1b[31mred\x5c
rubbish
6,x,1,-;rubbish
)";

TEST(KernelLog, RecordsAreReadFromANumberOn) {
  const auto tree = Tree::of("== /dev/kmsg\n" + std::string(records));
  auto log = KernelLog::open(tree.root(), 101);
  ASSERT_TRUE(log) << log.error().describe();
  const auto read = log->read();
  ASSERT_TRUE(read) << read.error().describe();
  ASSERT_EQ(read->size(), 4U);
  EXPECT_EQ(read->front().sequence, 101U);
  EXPECT_EQ(read->front().level, 4);
  EXPECT_TRUE(read->front().from_kernel);
  EXPECT_FALSE((*read)[1].from_kernel);
  EXPECT_EQ(read->back().text, "tab\tand?[31mred\\");
  EXPECT_EQ(log->next(), 107U);
  EXPECT_EQ(log->lost(), 2U);
  EXPECT_TRUE(log->read()->empty());
}

TEST(KernelLog, WithoutANumberItBeginsAtTheEnd) {
  const auto tree = Tree::of("== /dev/kmsg\n" + std::string(records));
  auto log = KernelLog::open(tree.root());
  ASSERT_TRUE(log);
  EXPECT_TRUE(log->read()->empty());
  EXPECT_EQ(log->lost(), 0U);
}

TEST(KernelLog, CountsOnlyWhatTheKernelSaid) {
  LogCounts counts;
  counts.add(parse_kmsg(records));
  EXPECT_EQ(counts[LogEvent::oops], 1U);
  EXPECT_EQ(counts[LogEvent::warning], 1U);
  EXPECT_EQ(counts.first[static_cast<std::size_t>(LogEvent::oops)], "Oops: 0002 [#1] PREEMPT SMP NOPTI");
}

// Lines as kernels printed them.
TEST(LogEvents, LinesAreWhatTheyReport) {
  const std::vector<std::pair<std::string, std::optional<LogEvent>>> lines{
      {"BUG: kernel NULL pointer dereference, address: 0000000000000000", LogEvent::bug},
      {"Oops: 0002 [#1] PREEMPT SMP NOPTI", LogEvent::oops},
      {"invalid opcode: 0000 [#2] PREEMPT SMP PTI", LogEvent::oops},
      {"general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP",
       LogEvent::oops},
      {"Oops: general protection fault, maybe for address 0x0: 0000 [#1] PREEMPT SMP", LogEvent::oops},
      {"kernel BUG at mm/slub.c:379!", LogEvent::bug},
      {"WARNING: CPU: 0 PID: 71 at fs/proc/cmdline.c:10 cmdline_proc_show+0x2e/0x40 [fix]", LogEvent::warning},
      {"WARNING: possible circular locking dependency detected", LogEvent::bug},
      {"watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:71]", LogEvent::soft_lockup},
      {"NMI watchdog: Watchdog detected hard LOCKUP on cpu 3", LogEvent::hard_lockup},
      {"INFO: task dd:712 blocked for more than 120 seconds.", LogEvent::hung_task},
      {"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", LogEvent::rcu_stall},
      {"rcu: INFO: rcu_sched self-detected stall on CPU", LogEvent::rcu_stall},
      {"Kernel panic - not syncing: softlockup: hung tasks", LogEvent::panic},
      {"livepatch: enabling patch 'fix'", LogEvent::livepatch},
      {"livepatch: 'fix': patching complete", LogEvent::livepatch},
      {"livepatch: failed to enable patch 'fix'", LogEvent::livepatch_failed},
      {"livepatch: symbol 'x' not found in symbol table", LogEvent::livepatch_failed},
      {"I/O error, dev vda, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2", LogEvent::io_error},
      {"EXT4-fs (vda1): mounted filesystem with ordered data mode", std::nullopt},
      {"EXT4-fs error (device vda1): ext4_lookup:1855", LogEvent::io_error},
      {"nvme nvme0: pci function 0000:00:04.0", std::nullopt},
      {"Out of memory: Killed process 71 (stress) total-vm:1kB", LogEvent::out_of_memory},
      {"DEBUG: this is not one", std::nullopt},
      {"usb 1-1: new high-speed USB device number 2 using xhci_hcd", std::nullopt},
      {"", std::nullopt},
      {" [#1]", std::nullopt},
      {": 0000 [#99999999999]", std::nullopt},
  };
  for (const auto& [line, event] : lines) EXPECT_EQ(classify(line), event) << line;
}

TEST(LogEvents, FunctionsAreNamedByWholeWordsInTraces) {
  const std::vector<std::string_view> lines{"RIP: 0010:tcp_ack+0x12/0x40 [fix]", " ? tcp_ack_update.isra.0+0x1/0x2",
                                            "Modules linked in: fix(OEK) other", "tcp_v4_rcv was called"};
  EXPECT_EQ(functions_named(lines, {"ack", "tcp_ack", "tcp_v4_rcv", "tcp_ack_update", "tcp_ack"}),
            (std::vector<std::string>{"tcp_ack", "tcp_ack_update"}));
  EXPECT_TRUE(module_named(lines, "fix"));
  EXPECT_FALSE(module_named(lines, "other"));
  EXPECT_FALSE(module_named(lines, "fi"));
}

}  // namespace
}  // namespace suture::host
