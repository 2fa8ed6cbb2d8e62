#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "host/system/crash.h"
#include "host/system/dpkg.h"
#include "host/system/room.h"
#include "host/system/service.h"
#include "host/testing/tree.h"

namespace suture::host {
namespace {

using testing::Tree;

TEST(Service, StateIsWhatSystemctlShows) {
  const auto state = parse_service_state(
      "LoadState=loaded\nActiveState=active\nSubState=running\nResult=success\nMainPID=812\nNRestarts=2\n");
  ASSERT_TRUE(state) << state.error().describe();
  EXPECT_EQ(*state, (ServiceState{"loaded", "active", "running", "success", 812, 2}));
  EXPECT_FALSE(parse_service_state("System has not been booted with systemd as init system\n"));
}

TEST(Service, ANameIsNoOptionAndNoPath) {
  for (const auto* good : {"nginx.service", "getty@tty1.service", "system-systemd\\x2dcryptsetup.slice"})
    EXPECT_TRUE(check_unit_name(good)) << good;
  for (const auto* bad :
       {"", "nginx", "--now.service", "../x.service", "a b.service", ".service", "nginx.", "a\n.service"})
    EXPECT_FALSE(check_unit_name(bad)) << bad;
}

// Locks of fcntl(2) are between processes: only another one is kept out.
TEST(DpkgLock, IsOfOneProcess) {
  const auto directory = TempDir::make().value();
  const auto file = directory.path() / "lock-frontend";
  const auto held = DpkgLock::take(file);
  ASSERT_TRUE(held && *held);
  const auto child = ::fork();
  if (child == 0) {
    const auto other = DpkgLock::take(file);
    ::_exit(other && !*other ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(DpkgLock::take(directory.path() / "nowhere" / "lock"));
}

TEST(Room, IsThatOfTheNearestDirectory) {
  const auto tree = Tree::of("== directory /var/lib\n");
  const auto room = room_at(tree.root(), "/var/lib/suture/journal");
  ASSERT_TRUE(room) << room.error().describe();
  EXPECT_GT(room->total_bytes, 0U);
  EXPECT_FALSE(room_at(Root("/nowhere/at/all"), "/var"));
}

constexpr auto crashed = R"(<6>[   10.000000] livepatch: enabling patch 'fix'
<1>[   12.345678][  T71] BUG: kernel NULL pointer dereference, address: 0000000000000000
<4>[   12.345679] Oops: 0002 [#1] PREEMPT SMP NOPTI
<4>[   12.345680] RIP: 0010:cmdline_proc_show+0x12/0x40 [fix]
<4>[   12.345681] Modules linked in: fix(OEK) other(OE)
)";

const Suspects suspects{{"cmdline_proc_show", "tcp_ack"}, {"fix", "other"}};

TEST(Crash, EvidenceNamesTheSuspectsThatATraceNames) {
  const auto evidence = evidence_in(crashed, "a log", suspects);
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->first_line, "BUG: kernel NULL pointer dereference, address: 0000000000000000");
  EXPECT_EQ(evidence->functions, (std::vector<std::string>{"cmdline_proc_show"}));
  EXPECT_EQ(evidence->modules, (std::vector<std::string>{"fix"}));
  EXPECT_FALSE(evidence_in("<6>[ 1.0] all is well\n", "a log", suspects));
}

TEST(Crash, ATraceThatPstoreKeptInPartsNamesItsSuspects) {
  const std::string log = crashed;
  const auto half = log.find("<4>[   12.345680]");
  auto tree = Tree::of("== directory /var/crash\n");
  tree.set("/sys/fs/pstore/dmesg-efi_pstore-170000000102001", log.substr(0, half))
      .set("/sys/fs/pstore/dmesg-efi_pstore-170000000101001", log.substr(half));
  const auto search = search_crashes(tree.root(), suspects);
  ASSERT_EQ(search.found.size(), 1U);
  EXPECT_EQ(search.found[0].source, "/sys/fs/pstore/dmesg-efi_pstore-170000000102001");
  EXPECT_EQ(search.found[0].functions, (std::vector<std::string>{"cmdline_proc_show"}));
}

TEST(Crash, PstoreAndDumpsAreSearched) {
  auto tree = Tree::of("== directory /var/crash\n");
  tree.set("/sys/fs/pstore/dmesg-efi_pstore-170000000101001", crashed)
      .set("/sys/fs/pstore/console-ramoops-0", crashed)
      .set("/var/lib/systemd/pstore/1700000001/dmesg.txt", "Kernel panic - not syncing: Fatal exception\n")
      .set("/var/crash/202311250101/dmesg.202311250101", "[    1.0] fine\n")
      .set("/var/crash/127.0.0.1-2023/vmcore-dmesg.txt", crashed);
  const auto search = search_crashes(tree.root(), suspects);
  ASSERT_EQ(search.found.size(), 3U);
  EXPECT_EQ(search.found[0].source, "/sys/fs/pstore/dmesg-efi_pstore-170000000101001");
  EXPECT_TRUE(search.found[0].names_a_suspect());
  EXPECT_GT(search.found[0].time, 0);
  EXPECT_FALSE(search.found[1].names_a_suspect());
  EXPECT_EQ(search.found[2].source, "/var/crash/127.0.0.1-2023/vmcore-dmesg.txt");
  EXPECT_TRUE(search.unknown.empty());
  EXPECT_TRUE(search_crashes(tree.root(), suspects, wall_now() + std::chrono::hours(1)).found.empty());
  EXPECT_TRUE(search_crashes(Tree::of("").root(), suspects).unknown.empty());
}

}  // namespace
}  // namespace suture::host
