#include "host/system/sysctl.h"

#include <gtest/gtest.h>

#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;

TEST(Sysctl, NamesArePathsBelowProcSys) {
  EXPECT_EQ(sysctl_path("kernel.kptr_restrict").value(), "kernel/kptr_restrict");
  EXPECT_EQ(sysctl_path("net/ipv4/conf/eth0.1/rp_filter").value(), "net/ipv4/conf/eth0.1/rp_filter");
  EXPECT_EQ(sysctl_path("net.ipv4.conf.eth0/1.rp_filter").value(), "net/ipv4/conf/eth0.1/rp_filter");
}

TEST(Sysctl, ANameCannotLeaveProcSys) {
  for (const auto* name : {"", "kernel", "../etc/passwd", "kernel/../../x", "/etc/passwd", "kernel..x", "kernel.",
                           "kernel.x\n", "kernel. x", "net.ipv4.//.x", "net.ipv4./.x"}) {
    EXPECT_FALSE(sysctl_path(name)) << name;
  }
}

TEST(Sysctl, AValueIsReadWithoutItsNewline) {
  const auto tree = Tree::of("== /proc/sys/net/ipv4/tcp_rmem\n4096\t131072\t6291456\n");
  EXPECT_EQ(read_sysctl(tree.root(), "net.ipv4.tcp_rmem").value(), "4096\t131072\t6291456");
  EXPECT_TRUE(equal_sysctl("4096 131072  6291456", "4096\t131072\t6291456\n"));
  EXPECT_FALSE(equal_sysctl("1", "10"));
}

TEST(Sysctl, ASettingThatTheKernelLacksIsNotMade) {
  auto tree = Tree::of("== /proc/sys/kernel/panic\n0\n");
  EXPECT_TRUE(write_sysctl(tree.root(), "kernel.panic", "10"));
  EXPECT_EQ(read_sysctl(tree.root(), "kernel.panic").value(), "10");
  EXPECT_FALSE(write_sysctl(tree.root(), "kernel.nothing", "1"));
  EXPECT_FALSE(tree.root().has("/proc/sys/kernel/nothing"));
  EXPECT_FALSE(write_sysctl(tree.root(), "kernel.panic", "1\n2"));
}

}  // namespace
}  // namespace suture::host
