#include "lab/kernel_log.h"

#include <gtest/gtest.h>

namespace suture::lab {
namespace {

constexpr std::string_view healthy = R"(<5>[    0.000000] Linux version 6.1.0-53-amd64 (debian-kernel@lists.debian.org)
<4>[    0.512345] acpi PNP0A08:00: fail to add MMCONFIG information, can't access extended configuration space
<4>[    1.234567] x86/mm: Checked W+X mappings: passed, no W+X pages found.
<12>[    2.000000] garbage_dev 0000:00:1f.2: legacy irq 11 at 0xfebf1000 is slow
)";

// As Debian 6.1 prints it; the addresses and the ids are another boot's.
constexpr std::string_view warning = R"(<4>[    5.102030] ------------[ cut here ]------------
<4>[    5.102041] WARNING: CPU: 1 PID: 143 at net/ipv4/tcp_input.c:4567 tcp_data_queue+0x6f/0xe80
<4>[    5.102052] Modules linked in: fix_tcp(OEK) 8021q garp
<4>[    5.102060] CPU: 1 PID: 143 Comm: nc Tainted: G           OE K    6.1.0-53-amd64 #1  Debian 6.1.187-1
<4>[    5.102071] RIP: 0010:tcp_data_queue+0x6f/0xe80
<4>[    5.102080] Code: 0f 1f 44 00 00 41 57 41 56 <0f> 0b
<4>[    5.102091] RAX: 0000000000000000 RBX: ffff8881031d0000 RCX: 0000000000000018
<4>[    5.102100] Call Trace:
<4>[    5.102111]  <TASK>
<4>[    5.102120] ---[ end trace 0000000000000000 ]---
)";

std::vector<std::string> texts(const std::vector<LogLine>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines) out.push_back(line.text);
  return out;
}

std::vector<std::string> complaints(std::string_view log, std::string_view baseline_log = healthy) {
  Baseline baseline;
  baseline.add(parse_log(baseline_log));
  return texts(new_complaints(parse_log(log), baseline, {"fix_tcp"}));
}

TEST(KernelLog, ReadsLevelAndTime) {
  const auto lines =
      parse_log("<14>[   12.500000] suture: patch 0 begins\n[    3.25] from a console\r\nno head at all");
  EXPECT_EQ(lines, (std::vector<LogLine>{{6, 12.5, "suture: patch 0 begins"},
                                         {std::nullopt, 3.25, "from a console"},
                                         {std::nullopt, std::nullopt, "no head at all"}}));
}

TEST(KernelLog, TakesDamagedHeadsAsText) {
  EXPECT_EQ(texts(parse_log("<\n<4\n<4>\n[\n[   \n[ 1.5\n<99999999999>x\n\x01\x02 ok\n")),
            (std::vector<std::string>{"<", "<4", "", "[", "[   ", "[ 1.5", "<99999999999>x", "?? ok"}));
}

TEST(KernelLog, NormalisingHidesWhatDiffersBetweenBootsAndNothingElse) {
  EXPECT_EQ(normalised("CPU: 1 PID: 143 Comm: nc Tainted: G           OE K    6.1.0-53-amd64"),
            normalised("CPU: 0 PID: 7 Comm: nc Not tainted 6.1.0-53-amd64"));
  EXPECT_EQ(normalised("RBX: ffff8881031d0000 at 0xdead"), normalised("RBX: ffff888103230000 at 0x12"));
  EXPECT_EQ(normalised("Modules linked in: a b c"), normalised("Modules linked in: c"));
  EXPECT_NE(normalised("ipv6_rcv failed"), normalised("ipv4_rcv failed"));
  EXPECT_NE(normalised("eth0: link down"), normalised("eth1: link down"));
  EXPECT_NE(normalised("a decade"), normalised("a facade"));
}

TEST(KernelLog, ABootLikeTheBaselineComplainsOfNothingNew) {
  EXPECT_EQ(complaints("<4>[    0.498111] acpi PNP0A08:00: fail to add MMCONFIG information, can't access extended "
                       "configuration space\n"
                       "<12>[    3.900000] garbage_dev 0000:00:1f.2: legacy irq 10 at 0xfebd2000 is slow\n"
                       "<6>[    4.000000] something new, but only information\n"),
            std::vector<std::string>{});
}

TEST(KernelLog, AWarningWithItsTraceIsNew) {
  const auto found = complaints(warning);
  ASSERT_EQ(found.size(), 10U);
  EXPECT_EQ(found[1], "WARNING: CPU: 1 PID: 143 at net/ipv4/tcp_input.c:4567 tcp_data_queue+0x6f/0xe80");
}

TEST(KernelLog, AWarningThatTheBaselineHasTooIsNotNew) {
  std::string baseline(warning);
  for (const auto& [from, to] :
       {std::pair{"PID: 143", "PID: 88"}, {"ffff8881031d0000", "ffff888104440000"}, {"OE K ", "     "}})
    while (baseline.find(from) != std::string::npos)
      baseline.replace(baseline.find(from), std::string_view(from).size(), to);
  EXPECT_EQ(complaints(warning, baseline), std::vector<std::string>{});
}

TEST(KernelLog, MarksOfDamageCountAtAnyLevel) {
  const std::string_view log =
      "<6>[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
      "<6>[    1.000001] suspicious RCU usage\n"
      "[    1.000002] Kernel panic - not syncing: Fatal exception\n"
      "<6>[    1.000003] eth0: renamed\n";
  EXPECT_EQ(complaints(log).size(), 3U);
}

TEST(KernelLog, WhatEveryLivePatchMakesTheKernelSayIsExpectedForThatModuleOnly) {
  EXPECT_EQ(
      complaints(
          "<4>[    1.0] fix_tcp: loading out-of-tree module taints kernel.\n"
          "<5>[    1.1] fix_tcp: module verification failed: signature and/or required key missing - tainting kernel\n"
          "<4>[    1.2] other: loading out-of-tree module taints kernel.\n"
          "<4>[    1.3] fix_tcp: module license 'Proprietary' taints kernel.\n"),
      (std::vector<std::string>{"other: loading out-of-tree module taints kernel.",
                                "fix_tcp: module license 'Proprietary' taints kernel."}));
}

TEST(KernelLog, ComplaintsOfASlowMachineDoNotBlameThePatch) {
  EXPECT_EQ(complaints("<4>[    9.0] hrtimer: interrupt took 12345678 ns\n"
                       "<4>[    9.1] clocksource: Long readout interval, skipping watchdog check\n"),
            std::vector<std::string>{});
}

TEST(KernelLog, ThatMessagesWereTooManyDoesNotBlameThePatch) {
  EXPECT_EQ(complaints("<4>[    9.0] set_capacity_and_notify: 2 callbacks suppressed\n"), std::vector<std::string>{});
}

TEST(KernelLog, ACrashReportBeginsAtTheFirstMarkAndIsBounded) {
  const auto lines = parse_log(
      "[    4.0] suture: step after\n[    4.1] BUG: kernel NULL pointer dereference, address: 8\n"
      "[    4.2] #PF: supervisor write access in kernel mode\n[    4.3] Kernel panic - not syncing: Fatal exception\n");
  EXPECT_EQ(crash_report(lines, 2),
            "BUG: kernel NULL pointer dereference, address: 8\n#PF: supervisor write access in kernel mode\n");
  EXPECT_EQ(crash_report(parse_log(healthy)), "");
}

TEST(KernelLog, TransitionsAreTimedByTheKernelsOwnClock) {
  const auto found =
      transitions(parse_log("<5>[    5.100000] livepatch: enabling patch 'fix_tcp'\n"
                            "<5>[    5.100500] livepatch: 'fix_tcp': starting patching transition\n"
                            "<5>[    6.350625] livepatch: 'fix_tcp': patching complete\n"
                            "<5>[    7.000000] livepatch: 'fix_tcp': starting unpatching transition\n"
                            "<5>[    7.100000] livepatch: 'other': unpatching complete\n"));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].direction, "patching");
  EXPECT_EQ(found[0].milliseconds, 1250.125);
  EXPECT_EQ(found[1].direction, "unpatching");
  EXPECT_EQ(found[1].milliseconds, std::nullopt);
}

}  // namespace
}  // namespace suture::lab
