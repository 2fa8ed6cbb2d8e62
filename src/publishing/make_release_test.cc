#include "publishing/make_release.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace suture::publishing {
namespace {

DebianPackage package(const std::string& name, const std::string& version = "0.3.0", const std::string& depends = "") {
  const auto content = name + version;
  return {name + ".deb", name, version, "amd64", depends, {content.begin(), content.end()}};
}

trust::AgentIndex some() {
  trust::AgentIndex index;
  const auto made = make_release(4, {package("suture-agent", "0.2.0")}, index);
  EXPECT_TRUE(trust::add_release(index, made->release));
  return index;
}

std::string refusal(std::vector<DebianPackage> packages, std::uint32_t number = 0) {
  const auto made = make_release(number, std::move(packages), some());
  return made ? "" : made.error().message();
}

TEST(MakeRelease, NamesItsPackagesAndWhereTheyLie) {
  const auto made = make_release(
      0, {package("suture-agent", "0.3.0", "suture-fetch (= 0.3.0), systemd"), package("suture-fetch")}, some());
  ASSERT_TRUE(made) << made.error().describe();
  EXPECT_EQ(made->release.release, 5U);
  EXPECT_EQ(made->release.version, "0.3.0");
  ASSERT_EQ(made->targets.size(), 2U);
  EXPECT_EQ(made->targets[1].first, "agent/5/suture-fetch_amd64.deb");
  EXPECT_EQ(made->release.packages[1].sha256, sha256_hex(made->targets[1].second));
}

TEST(MakeRelease, TheFirstIsNumberOne) {
  EXPECT_EQ(make_release(0, {package("suture-agent")}, {})->release.release, 1U);
  EXPECT_EQ(make_release(7, {package("suture-agent")}, {})->release.release, 7U);
}

TEST(MakeRelease, PackagesOfTwoVersionsAreNone) {
  EXPECT_EQ(refusal({package("suture-agent", "0.3.0"), package("suture-fetch", "0.3.1")}),
            "suture-fetch.deb: is version 0.3.1, and suture-agent.deb is version 0.3.0");
}

TEST(MakeRelease, WithoutTheAgentThereIsNone) {
  EXPECT_EQ(refusal({package("suture-fetch")}), "packages: suture-agent is not among them");
  EXPECT_NE(refusal({}), "");
}

TEST(MakeRelease, ThatHostsCouldNotInstallIsNone) {
  const auto refused = "suture-agent.deb: depends on suture-fetch 0.3.0, which is not in the release";
  EXPECT_EQ(refusal({package("suture-agent", "0.3.0", "suture-fetch (= 0.3.0), systemd")}), refused);
  EXPECT_EQ(refusal({package("suture-agent", "0.3.0", "libc6 (>= 2.36),suture-fetch(=0.3.0)")}), refused);
  auto other = package("suture-fetch");
  other.architecture = "arm64";
  EXPECT_EQ(refusal({package("suture-agent", "0.3.0", "suture-fetch (= 0.3.0)"), other}), refused);
  other.architecture = "all";
  EXPECT_EQ(refusal({package("suture-agent", "0.3.0", "suture-fetch (= 0.3.0)"), other}), "");
  // What hosts have anyway, or may have from elsewhere.
  EXPECT_EQ(refusal({package("suture-agent", "0.3.0", "suture-fetch (>= 0.3.0), systemd")}), "");
}

TEST(MakeRelease, AVersionOrNumberThatIsThereIsNone) {
  EXPECT_NE(refusal({package("suture-agent", "0.2.0")}), "");
  EXPECT_NE(refusal({package("suture-agent")}, 4), "");
  EXPECT_EQ(refusal({package("suture-agent")}, 5), "");
}

TEST(MakeRelease, AnEpochIsNoVersionOfOurs) {
  EXPECT_EQ(refusal({package("suture-agent", "1:0.3.0")}), "'1:0.3.0' is no version without epoch and revision");
}

}  // namespace
}  // namespace suture::publishing
