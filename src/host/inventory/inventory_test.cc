#include <gtest/gtest.h>

#include "host/inventory/boot.h"
#include "host/inventory/distribution.h"
#include "host/inventory/kernel.h"
#include "host/inventory/virtualisation.h"
#include "host/livepatch/foreign.h"
#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;

TEST(KernelParameter, LastOneCountsAndWhatIsInitsDoesNot) {
  EXPECT_EQ(kernel_parameter("ro suture=on suture=off quiet", "suture"), "off");
  EXPECT_EQ(kernel_parameter("ro quiet", "quiet"), "");
  EXPECT_EQ(kernel_parameter("dyndbg=\"file x +p\" a=b", "dyndbg"), "file x +p");
  EXPECT_EQ(kernel_parameter("ro -- suture=off", "suture"), std::nullopt);
  EXPECT_EQ(kernel_parameter("nosuture=off suture.x=1 \"", "suture"), std::nullopt);
}

TEST(Distribution, IsWhatOsReleaseSays) {
  const auto tree = Tree::of(
      "== /usr/lib/os-release\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n# x\n");
  const auto distribution = read_distribution(tree.root());
  ASSERT_TRUE(distribution) << distribution.why();
  EXPECT_EQ(distribution->id, "debian");
  EXPECT_EQ(distribution->version, "12");
  EXPECT_EQ(distribution->name, "Debian GNU/Linux 12 (bookworm)");
}

TEST(KernelPackages, AreTheInstalledOnes) {
  const auto tree = Tree::of(R"(== /var/lib/dpkg/status
Package: linux-image-6.1.0-54-amd64
Status: install ok installed
Source: linux-signed-amd64 (6.1.190+1)
Version: 6.1.190-1
Description: Linux
 Package: not-a-field

Package: linux-image-6.1.0-53-amd64
Status: deinstall ok config-files
Version: 6.1.187-1

Package: zlib1g
Status: install ok installed
Version: 1
)");
  const auto packages = kernel_packages(tree.root());
  ASSERT_TRUE(packages) << packages.why();
  ASSERT_EQ(packages->size(), 1U);
  EXPECT_EQ(packages->front().version, "6.1.190-1");
  EXPECT_EQ(packages->front().source, "linux-signed-amd64");
  EXPECT_NE(kernel_packages(Tree::of("== directory /var/lib/rpm\n").root()).why().find("RPM"), std::string::npos);
}

TEST(Versions, NumbersCountByValue) {
  EXPECT_LT(compare_versions("6.1.0-9-amd64", "6.1.0-10-amd64"), 0);
  EXPECT_LT(compare_versions("6.1.0-54-amd64", "6.12.117+deb12-amd64"), 0);
  EXPECT_LT(compare_versions("6.12~rc1-amd64", "6.12-amd64"), 0);
  EXPECT_LT(compare_versions("5.14.0-362.8.1.el9_3.x86_64", "5.14.0-362.18.1.el9_3.x86_64"), 0);
  EXPECT_EQ(compare_versions("6.1.0-54-amd64", "6.1.0-54-amd64"), 0);
  EXPECT_GT(compare_versions("6.1", ""), 0);
}

// The head of a vmlinuz that says `version`.
std::string image(std::string_view version) {
  std::string head(0x400, '\0');
  head.replace(0x202, 4, "HdrS");
  head.replace(0x20e, 2, std::string("\x00\x01", 2));
  head.replace(0x300, version.size(), version);
  return head;
}

Tree running(std::string_view release, std::string_view version) {
  auto tree = Tree::of("");
  tree.set("/proc/sys/kernel/osrelease", release).set("/proc/sys/kernel/version", version);
  return tree;
}

TEST(PendingKernel, IsANewerOneOfTheSameFlavour) {
  auto tree = running("6.1.0-9-amd64", "#1 Debian 6.1.27-1");
  tree.set("/boot/vmlinuz-6.1.0-9-amd64", image("6.1.0-9-amd64 (x@y) #1 Debian 6.1.27-1"));
  tree.set("/boot/vmlinuz-6.1.0-99-rt-amd64", image("x"));
  ASSERT_TRUE(pending_kernel(tree.root()));
  EXPECT_EQ(pending_kernel(tree.root())->release, "");
  tree.set("/boot/vmlinuz-6.1.0-10-amd64", image("6.1.0-10-amd64 (x@y) #1 Debian 6.1.38-1"));
  EXPECT_EQ(pending_kernel(tree.root())->release, "6.1.0-10-amd64");
  EXPECT_EQ(pending_kernel(tree.root())->version, "#1 Debian 6.1.38-1");
}

TEST(PendingKernel, IsAnotherBuildOfTheSameRelease) {
  auto tree = running("6.1.0-9-amd64", "#1 Debian 6.1.27-1");
  tree.set("/boot/vmlinuz-6.1.0-9-amd64", image("6.1.0-9-amd64 (x@y) #1 Debian 6.1.27-2"));
  EXPECT_EQ(pending_kernel(tree.root())->version, "#1 Debian 6.1.27-2");
  tree.set("/boot/vmlinuz-6.1.0-9-amd64", "rubbish");
  EXPECT_FALSE(pending_kernel(tree.root()));
  tree.remove("/boot/vmlinuz-6.1.0-9-amd64");
  EXPECT_FALSE(pending_kernel(tree.root()));
}

std::string login_record(short type, std::string_view user) {
  std::string record(384, '\0');
  record[0] = static_cast<char>(type);
  record.replace(44, user.size(), user);
  return record;
}

TEST(LastReboot, IsCleanIfAShutdownWasWritten) {
  const auto boot = login_record(2, "reboot");
  const auto shutdown = login_record(1, "shutdown");
  const auto login = login_record(7, "shutdown");
  EXPECT_TRUE(last_reboot_of(boot + login + shutdown + boot).is(RebootReason::clean));
  EXPECT_TRUE(last_reboot_of(boot + login + boot + login).is(RebootReason::unclean));
  EXPECT_TRUE(last_reboot_of(boot + shutdown + boot + boot).is(RebootReason::unclean));
  EXPECT_FALSE(last_reboot_of(boot));
  EXPECT_FALSE(last_reboot_of(""));
  EXPECT_FALSE(last_reboot_of("torn"));
}

TEST(SecureBoot, IsAVariableOfTheFirmware) {
  const std::string file = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
  auto tree = Tree::of("== directory /sys/firmware\n");
  EXPECT_TRUE(secure_boot(tree.root()).is(false));
  EXPECT_TRUE(secure_boot(tree.set(file, std::string("\6\0\0\0\1", 5)).root()).is(true));
  EXPECT_TRUE(secure_boot(tree.set(file, std::string("\6\0\0\0\0", 5)).root()).is(false));
  EXPECT_FALSE(secure_boot(tree.set(file, "").root()));
  EXPECT_FALSE(secure_boot(tree.remove(file).root()));
}

TEST(VirtualMachine, NeedsTheProcessorsFlagAndTheFirmwaresName) {
  auto tree = Tree::of("== /proc/cpuinfo\nprocessor\t: 0\nflags\t\t: fpu hypervisor lahf_lm\n");
  EXPECT_TRUE(virtual_machine(tree.root()).is("other"));
  tree.set("/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n");
  EXPECT_TRUE(virtual_machine(tree.root()).is("hyperv"));
  tree.set("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
  EXPECT_TRUE(virtual_machine(tree.root()).is("amazon"));
  tree.set("/proc/cpuinfo", "flags : fpu\n");
  EXPECT_TRUE(virtual_machine(tree.root()).is("none"));
  EXPECT_FALSE(virtual_machine(tree.remove("/proc/cpuinfo").root()));
}

TEST(Containers, RuntimesAreFoundBySocketsAndProcesses) {
  auto tree = Tree::of(
      "== /run/containerd/containerd.sock\n== /proc/7/comm\ncontainerd-shim\n== /proc/8/comm\ndockerd\n== "
      "/proc/1/environ\nA=b\n");
  const auto containers = read_containers(tree.root());
  ASSERT_EQ(containers.runtimes.size(), 2U);
  EXPECT_EQ(containers.runtimes[0].name, "containerd");
  EXPECT_EQ(containers.runtimes[1].evidence, "process 8 (dockerd)");
  EXPECT_EQ(containers.running, 1U);
  EXPECT_TRUE(containers.inside.is(false));
  EXPECT_TRUE(
      read_containers(tree.set("/proc/1/environ", std::string("A=b\0container=lxc\0", 18)).root()).inside.is(true));
  EXPECT_FALSE(read_containers(tree.remove("/proc/1/environ").root()).inside);
}

TEST(Foreign, MakersAreKnownByHowTheyNameModules) {
  EXPECT_EQ(maker_by_name("lkp_Ubuntu_5_15_0_91_101_generic_99"), LivePatchMaker::canonical);
  EXPECT_EQ(maker_by_name("kpatch_5_14_0_362_8_1_1_2"), LivePatchMaker::kpatch);
  EXPECT_EQ(maker_by_name("livepatch_5_14_21_150400_24_46_default_1"), LivePatchMaker::suse);
  EXPECT_EQ(maker_by_name("livepatch_meminfo_string"), LivePatchMaker::kpatch);
  EXPECT_EQ(maker_by_name("kcare"), LivePatchMaker::kernelcare);
  EXPECT_EQ(maker_by_name("ksplice_x1y2z3"), LivePatchMaker::ksplice);
  EXPECT_EQ(maker_by_name("ext4"), LivePatchMaker::unknown);
}

TEST(Foreign, OnlyWhatIsSuturesByItsCodeIsOurs) {
  auto tree = Tree::of(R"(== directory /sys/kernel/livepatch/fix
== directory /sys/kernel/livepatch/mine
== directory /proc/kcare
== /proc/modules
mine 16384 1 - Live 0x0 (OEK)
ksplice_ab 16384 1 - Live 0x0 (OE)
ext4 16384 1 - Live 0x0
== /proc/kallsyms
ffffffffc0a00000 t suture_enter_target	[mine]
ffffffffc0b00000 t something_else	[fix]
)");
  const auto search = search_foreign(tree.root());
  ASSERT_EQ(search.found.size(), 3U);
  EXPECT_EQ(search.found[0].evidence, "live patch fix");
  EXPECT_EQ(search.found[1].evidence, "module ksplice_ab");
  EXPECT_EQ(search.found[2].maker, LivePatchMaker::kernelcare);
  EXPECT_TRUE(search.unknown.empty());
}

}  // namespace
}  // namespace suture::host
