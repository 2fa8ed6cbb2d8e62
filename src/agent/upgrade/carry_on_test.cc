#include "agent/upgrade/carry_on.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace suture::agent {
namespace {

struct PowerCut {};

/// A host with its disk. Power can go before and after each act, and in the middle of dpkg's.
struct FakeHost : Installing, Clock {
  Upgrade disk{};
  std::string installed = "0.2.0";  ///< "a half" while dpkg was at work
  std::set<std::string> tampered{}, uninstallable{}, silent{};
  bool held = false, packages_are_free = true, daemon_starts = true;
  std::vector<std::string> acts{};
  Milliseconds time{0};
  std::optional<std::size_t> cut_at{};
  std::size_t moments = 0;

  void moment() {
    if (moments++ == cut_at) throw PowerCut{};
  }
  Status keep(const Upgrade& upgrade) override {
    moment();
    disk = upgrade;
    moment();
    return {};
  }
  Status may_begin() override { return held ? Status(fail("this host is held")) : Status(); }
  Status hold_packages() override { return packages_are_free ? Status() : Status(fail("apt is at work")); }
  Status verify(const UpgradeRelease& release) override {
    return tampered.contains(release.version) ? Status(fail("{} is another file", release.version)) : Status();
  }
  Status install(const UpgradeRelease& release) override {
    acts.push_back(release.version);
    moment();
    installed = "a half";
    moment();
    if (uninstallable.contains(release.version)) return fail("dpkg: no");
    installed = release.version;
    moment();
    return {};
  }
  bool has_reported(const UpgradeRelease& release) override {
    return installed == release.version && !silent.contains(release.version);
  }
  Status start_daemon() override { return daemon_starts ? Status() : Status(fail("the daemon does not start")); }
  std::int64_t now() override { return 0; }
  Milliseconds monotonic() override { return time; }
  void sleep(Milliseconds pause) override { time += pause; }
};

class CarryOn : public ::testing::Test {
 protected:
  CarryOn() {
    host.disk = {.sequence = 7, .from = {1, "0.2.0", {{"old.deb", "a"}}}, .to = {2, "0.3.0", {{"new.deb", "b"}}}};
  }
  Status run() {
    auto upgrade = host.disk;
    return carry_on(upgrade, host, host, Milliseconds(180'000));
  }
  FakeHost host{};
};

TEST_F(CarryOn, StaysOnceTheServerHasHeard) {
  ASSERT_TRUE(run());
  EXPECT_EQ(host.disk.phase, UpgradePhase::done);
  EXPECT_EQ(host.installed, "0.3.0");
  EXPECT_EQ(host.disk.reason, "");
}

TEST_F(CarryOn, PutsBackWhatDoesNotReport) {
  host.silent = {"0.3.0"};
  ASSERT_TRUE(run());
  EXPECT_EQ(host.disk.phase, UpgradePhase::failed);
  EXPECT_EQ(host.installed, "0.2.0");
  EXPECT_EQ(host.disk.reason, "0.3.0 did not report within 180 s; 0.2.0 is back");
  EXPECT_EQ(host.time, Milliseconds(180'000));
}

TEST_F(CarryOn, PutsBackWhatDpkgCouldNotInstall) {
  host.uninstallable = {"0.3.0"};
  ASSERT_TRUE(run());
  EXPECT_EQ(host.installed, "0.2.0");
  EXPECT_EQ(host.disk.reason, "dpkg: no; 0.2.0 is back");
}

TEST_F(CarryOn, InstallsNothingOnAHostThatIsHeldSinceItWasAsked) {
  host.held = true;
  ASSERT_TRUE(run());
  EXPECT_EQ(host.disk.reason, "this host is held; nothing was installed");
  EXPECT_TRUE(host.acts.empty());
}

TEST_F(CarryOn, EndsWhatItBeganOnAHostThatIsHeldSince) {
  host.disk.phase = UpgradePhase::installing;
  host.held = true;
  ASSERT_TRUE(run());
  EXPECT_EQ(host.installed, "0.3.0");
}

TEST_F(CarryOn, InstallsNothingOfWhichAnythingIsAnotherFile) {
  for (const auto* each : {"0.2.0", "0.3.0"}) {
    host.disk.phase = UpgradePhase::wanted;
    host.tampered = {each};
    ASSERT_TRUE(run());
    EXPECT_EQ(host.disk.phase, UpgradePhase::failed);
    EXPECT_EQ(host.disk.reason, fmt::format("{} is another file; nothing was installed", each));
  }
  EXPECT_TRUE(host.acts.empty());
}

TEST_F(CarryOn, LeavesAHostAloneWhoseManagerIsAtWork) {
  host.packages_are_free = false;
  ASSERT_TRUE(run());
  EXPECT_EQ(host.disk.reason, "apt is at work; nothing was installed");
  host.disk.phase = UpgradePhase::installing;
  EXPECT_FALSE(run());  // in the middle it is tried again
  EXPECT_EQ(host.disk.phase, UpgradePhase::installing);
}

TEST_F(CarryOn, TellsWhatCouldNotBePutBack) {
  host.uninstallable = {"0.2.0", "0.3.0"};
  host.daemon_starts = false;
  ASSERT_TRUE(run());
  EXPECT_EQ(host.disk.phase, UpgradePhase::failed);
  EXPECT_EQ(host.disk.reason, "dpkg: no; 0.2.0 could not be put back: dpkg: no; the daemon does not start");
}

TEST_F(CarryOn, ThatIsOverIsLeftAsItIs) {
  host.disk.phase = UpgradePhase::done;
  ASSERT_TRUE(run());
  EXPECT_TRUE(host.acts.empty());
}

// One release as a whole, and the record says which, wherever the power went.
TEST_F(CarryOn, ComesToTheSameEndAfterAPowerCutAtAnyMoment) {
  for (const bool is_good : {true, false}) {
    for (std::size_t at = 0;; ++at) {
      host = FakeHost{};
      host.disk = {.from = {1, "0.2.0", {}}, .to = {2, "0.3.0", {}}};
      if (!is_good) host.silent = {"0.3.0"};
      host.cut_at = at;
      bool was_cut = false;
      try {
        ASSERT_TRUE(run());
      } catch (const PowerCut&) {
        was_cut = true;
        ASSERT_TRUE(run());
      }
      EXPECT_EQ(host.disk.phase, is_good ? UpgradePhase::done : UpgradePhase::failed) << "cut at " << at;
      EXPECT_EQ(host.installed, is_good ? "0.3.0" : "0.2.0") << "cut at " << at;
      if (!was_cut) break;
    }
  }
}

}  // namespace
}  // namespace suture::agent
