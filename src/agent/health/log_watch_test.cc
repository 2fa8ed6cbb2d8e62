#include "agent/health/log_watch.h"

#include <gtest/gtest.h>

namespace suture::agent {
namespace {

std::vector<host::LogRecord> records(std::initializer_list<const char*> lines) {
  std::vector<host::LogRecord> made;
  for (const auto* each : lines) made.push_back({.from_kernel = true, .text = each});
  return made;
}

LogWatch watch() { return {{"tcp_ack", "cmdline_proc_show"}, {"level_2"}}; }

const auto* const warning = "WARNING: CPU: 1 PID: 7 at net/ipv4/tcp.c:5 tcp_recvmsg+0x1/0x2";
const auto* const end = "---[ end trace 0000000000000000 ]---";

TEST(LogWatch, AWarningThatNamesAFunctionOfTheLevelIsWorseEvenWhenItComesInTwoReads) {
  auto log = watch();
  EXPECT_EQ(log.take(records({"something else", warning, "Call Trace:"})), "");
  EXPECT_EQ(log.take(records({" tcp_ack+0x12/0x40 [level_2]"})),
            "kernel log: warning: " + std::string(warning) + " (names tcp_ack)");
}

TEST(LogWatch, AnOopsInCodeOfTheLevelsModuleNamesIt) {
  EXPECT_EQ(watch().take(records({"BUG: kernel NULL pointer dereference, address: 0000000000000008",
                                  "Oops: 0002 [#1] PREEMPT SMP NOPTI", "RIP: 0010:new_helper+0x12/0x40 [level_2]"})),
            "kernel log: bug: BUG: kernel NULL pointer dereference, address: 0000000000000008 (names level_2)");
}

TEST(LogWatch, AWarningOfOthersIsNoneOfItsMaking) {
  EXPECT_EQ(
      watch().take(records({warning, "Modules linked in: level_2(OEK) other", "Call Trace:", " ? tcp_ack+0x12/0x40",
                            " tcp_recvmsg+0x1/0x2", end, "tcp_ack+0x1/0x2 is mentioned by itself"})),
      "");
}

TEST(LogWatch, WhatKeepsTheMachineFromGoingOnNeedNotNameWhoDidIt) {
  EXPECT_NE(watch().take(records({"INFO: task dd:712 blocked for more than 120 seconds."})), "");
  EXPECT_NE(watch().take(records({"watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [cat:71]"})), "");
}

TEST(LogWatch, NobodyElseWritesForTheKernel) {
  auto forged = records({"INFO: task dd:712 blocked for more than 120 seconds."});
  forged[0].from_kernel = false;
  EXPECT_EQ(watch().take(forged), "");
}

}  // namespace
}  // namespace suture::agent
