#include "trust/agent/agent_index.h"

#include <gtest/gtest.h>

namespace suture::trust {
namespace {

AgentRelease release(std::uint32_t number, std::string version) {
  return {number,
          std::move(version),
          {{"suture-agent", "amd64", std::string(64, 'a')}, {"suture-fetch", "amd64", std::string(64, 'b')}}};
}

AgentIndex some() { return {.floor = 1, .releases = {release(1, "0.2.0"), release(4, "0.3.0")}}; }

TEST(AgentIndex, IsReadAsItWasWritten) {
  EXPECT_EQ(read_agent_index(write_agent_index(some()).value(), "it").value(), some());
}

TEST(AgentIndex, FindsAReleaseByNumberAndByVersion) {
  const auto index = some();
  EXPECT_EQ(index.release(4)->version, "0.3.0");
  EXPECT_EQ(index.of_version("0.2.0")->release, 1U);
  EXPECT_EQ(index.release(2), nullptr);
  EXPECT_EQ(index.of_version("0.2"), nullptr);
  EXPECT_EQ(index.release(1)->package("suture-fetch", "arm64"), nullptr);
  EXPECT_EQ(package_path(*index.release(4), *index.release(4)->package(agent_package, "amd64")),
            "agent/4/suture-agent_amd64.deb");
}

TEST(AgentIndex, ThatCannotBeMeantIsRefused) {
  const auto refused = [](const auto& change) {
    auto index = some();
    change(index);
    const auto written = write_agent_index(index);
    return written ? std::string() : written.error().message();
  };
  EXPECT_NE(refused([](auto& index) { index.format = 2; }).find("format 2"), std::string::npos);
  EXPECT_NE(refused([](auto& index) { index.floor = 2; }).find("no release 2"), std::string::npos);
  EXPECT_NE(refused([](auto& index) { index.releases[1].release = 1; }).find("ascending"), std::string::npos);
  EXPECT_NE(refused([](auto& index) { index.releases[1].version = "0.2.0"; }).find("twice"), std::string::npos);
  EXPECT_NE(refused([](auto& index) { index.releases[1].version = "../x"; }).find("no version"), std::string::npos);
  EXPECT_NE(refused([](auto& index) { index.releases[1].version = "0.3.0-1"; }).find("revision"), std::string::npos);
  EXPECT_NE(refused([](auto& index) { index.releases[1].packages[0].name = "a/b"; }).find("a/b"), std::string::npos);
  EXPECT_NE(refused([](auto& index) { index.releases[1].packages[0].sha256 = "0"; }).find("no SHA-256"),
            std::string::npos);
  EXPECT_NE(refused([](auto& index) {
              index.releases[1].packages.erase(index.releases[1].packages.begin());
            }).find("suture-agent is not among them"),
            std::string::npos);
}

TEST(AgentIndex, TakesReleasesAboveAllOthersOnly) {
  auto index = some();
  EXPECT_FALSE(add_release(index, release(4, "0.4.0")));
  EXPECT_FALSE(add_release(index, release(5, "0.3.0")));
  EXPECT_EQ(index, some());
  EXPECT_TRUE(add_release(index, release(5, "0.4.0")));
  EXPECT_EQ(index.releases.size(), 3U);
}

}  // namespace
}  // namespace suture::trust
