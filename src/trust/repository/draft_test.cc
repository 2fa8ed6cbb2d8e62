#include "trust/repository/draft.h"

#include <gtest/gtest.h>

#include "trust/tuf/testing/repository.h"

namespace suture::trust {
namespace {

using tuf::testing::KeyNumbers;
using tuf::testing::now;
using tuf::testing::public_key;

const std::string path = "6.1/abc/level-1.tar";

std::vector<ed25519::PrivateKey> private_keys(const KeyNumbers& numbers) {
  std::vector<ed25519::PrivateKey> keys;
  for (const auto number : numbers) {
    const auto pem = tuf::testing::key(number).to_pem(Secret()).value();
    keys.push_back(ed25519::PrivateKey::from_pem(pem.reveal(), Secret(), "key").value());
  }
  return keys;
}

RoleKeys role_keys(const KeyNumbers& numbers, std::int64_t threshold = 1) {
  RoleKeys role{.keys = {}, .threshold = threshold};
  for (const auto number : numbers) role.keys.push_back(public_key(number));
  return role;
}

/// A directory, as the command line keeps one.
class Published {
 public:
  Draft open(tuf::Time time = now) const {
    const auto live = live_metadata([&](const std::string& name) -> Result<std::optional<Bytes>> {
      const auto file = served.find(name);
      return file == served.end() ? std::nullopt : std::optional(file->second);
    });
    EXPECT_TRUE(live) << live.error().describe();
    auto draft = Draft::open(*live, staged, time);
    EXPECT_TRUE(draft) << draft.error().describe();
    return std::move(*draft);
  }
  /// Signs and stores; publishes what is complete. Which roles lack signatures.
  std::vector<std::string> advance(Draft draft, const KeyNumbers& keys) {
    const auto done = draft.advance(private_keys(keys));
    EXPECT_TRUE(done) << done.error().describe();
    staged = draft.staged();
    std::vector<std::string> roles;
    for (const auto& each : draft.missing()) roles.push_back(each.role);
    for (const auto& [name, file] : draft.publishable()) {
      served[name] = file;
      staged.clear();
    }
    return roles;
  }
  std::vector<std::string> advance(const KeyNumbers& keys) { return advance(open(), keys); }

  /// Root 0, 1, 2 of which two; targets 3; snapshot 4; timestamp 5; everything published.
  static Published with_roles() {
    Published repository;
    auto draft = repository.open();
    EXPECT_TRUE(draft.set_keys({{"root", role_keys({0, 1, 2}, 2)},
                                {"targets", role_keys({3})},
                                {"snapshot", role_keys({4})},
                                {"timestamp", role_keys({5})}}));
    EXPECT_TRUE(draft.delegate("linux-6.1"));
    EXPECT_TRUE(draft.set_target("linux-6.1", path, tuf::testing::target_file("one")));
    EXPECT_EQ(repository.advance(std::move(draft), {0, 1, 3, 4, 5}), std::vector<std::string>{});
    return repository;
  }

  /// What a client that begins with the first root makes of it: "", or why not.
  std::string client_refusal(tuf::Time time = now) const {
    auto client = tuf::Client::start({{"root.json", served.at("1.root.json")}}, time).value();
    tuf::testing::serve(client, served);
    if (client.refreshed()) client.find(path);
    tuf::testing::serve(client, served);
    EXPECT_NE(client.refusal().has_value(), client.found().has_value());
    return tuf::testing::refusal(client);
  }

  tuf::Files served, staged;
};

using Roles = std::vector<std::string>;

TEST(Draft, WhatAllKeysSignedClientsAccept) {
  const auto repository = Published::with_roles();
  EXPECT_EQ(repository.client_refusal(), "");
  EXPECT_TRUE(repository.served.contains("1.linux-6.1.json"));
}

TEST(Draft, NothingGoesLiveBeforeTheThresholdIsMet) {
  Published repository;
  auto draft = repository.open();
  ASSERT_TRUE(draft.set_keys({{"root", role_keys({0, 1, 2}, 2)},
                              {"targets", role_keys({3})},
                              {"snapshot", role_keys({4})},
                              {"timestamp", role_keys({5})}}));
  EXPECT_EQ(repository.advance(std::move(draft), {0, 3, 4, 5}), Roles{"root"});
  EXPECT_TRUE(repository.served.empty());
  EXPECT_EQ(repository.open().missing().at(0).keyids, (Roles{public_key(1).id, public_key(2).id}));
  EXPECT_EQ(repository.advance({2, 4}), Roles{"timestamp"});
  EXPECT_EQ(repository.advance({5}), Roles{});
  EXPECT_TRUE(repository.served.contains("timestamp.json"));
}

TEST(Draft, TheSnapshotComesAfterWhatItLists) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.set_target("linux-6.1", "6.1/abc/level-2.tar", tuf::testing::target_file("two")));
  EXPECT_EQ(repository.advance(std::move(draft), {4, 5}), Roles{"linux-6.1"});
  EXPECT_FALSE(repository.staged.contains("snapshot.json"));
  EXPECT_EQ(repository.advance({3}), Roles{"snapshot"});
  EXPECT_EQ(repository.advance({4, 5}), Roles{});
  EXPECT_EQ(repository.client_refusal(), "");
}

TEST(Draft, AKeyThatMayNotSignAddsNothing) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.renew("targets"));
  EXPECT_EQ(draft.advance(private_keys({9, 5})).value(), 0U);
  EXPECT_EQ(draft.advance(private_keys({3, 3})).value(), 1U);
}

TEST(Draft, WithoutAChangeNothingIsPublished) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.advance(private_keys({0, 1, 2, 3, 4, 5})));
  EXPECT_FALSE(draft.anything_staged());
  EXPECT_TRUE(draft.publishable().empty());
}

TEST(Draft, AnExpiredTimestampIsWrittenAnew) {
  auto repository = Published::with_roles();
  const auto later = now + std::chrono::days(4);
  EXPECT_EQ(repository.client_refusal(later).substr(0, 23), "expired: timestamp.json");
  EXPECT_EQ(repository.advance(repository.open(later), {5}), Roles{});
  EXPECT_EQ(repository.client_refusal(later), "");
}

TEST(Draft, WhatExpiredWhileItWaitedForSignaturesIsWrittenAnew) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.renew("targets"));
  repository.advance(std::move(draft), {});
  const auto later = now + std::chrono::days(200);
  EXPECT_EQ(repository.advance(repository.open(later), {3, 4, 5}), Roles{});
  EXPECT_EQ(repository.client_refusal(later), "");
}

TEST(Draft, ARotatedKeysFilesAreSignedAgain) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.set_keys({{"targets", role_keys({6})}, {"timestamp", role_keys({7})}}));
  EXPECT_EQ(repository.advance(std::move(draft), {0, 1, 3, 4, 5}), Roles{"targets"});
  EXPECT_EQ(repository.advance({6, 4, 7}), Roles{});
  EXPECT_EQ(repository.client_refusal(), "");
  EXPECT_TRUE(repository.served.contains("2.targets.json"));
  EXPECT_FALSE(repository.served.contains("2.linux-6.1.json"));  // its own key is key 3 still
}

TEST(Draft, RotatedRootKeysNeedTheOldAndTheNew) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.set_keys({{"root", role_keys({6, 7}, 2)}}));
  EXPECT_EQ(repository.advance(std::move(draft), {6, 7}), Roles{"root"});
  EXPECT_EQ(repository.advance({0, 2, 4, 5}), Roles{});
  EXPECT_EQ(repository.client_refusal(), "");
}

TEST(Draft, ASeriesMayHaveKeysOfItsOwn) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.delegate("linux-6.1", role_keys({8, 9}, 2)));
  EXPECT_EQ(repository.advance(std::move(draft), {3, 8}), Roles{"linux-6.1"});
  EXPECT_EQ(repository.advance({9, 4, 5}), Roles{});
  EXPECT_EQ(repository.client_refusal(), "");
  EXPECT_TRUE(repository.served.contains("2.linux-6.1.json"));
}

TEST(Draft, TheAgentsReleasesAreNeverLeftToTheKeysOfTargets) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  const auto refused = draft.delegate("agent");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().advice().find("suture keys rotate --role agent=FILE.pub"), std::string::npos);
  EXPECT_FALSE(draft.set_target("agent", "agent/index.json", tuf::testing::target_file("index")));
  EXPECT_FALSE(draft.threshold("agent"));
  EXPECT_FALSE(draft.anything_staged());

  ASSERT_TRUE(draft.delegate("agent", role_keys({8, 9}, 2)));
  ASSERT_TRUE(draft.delegate("agent"));
  EXPECT_EQ(draft.threshold("agent"), 2);
  ASSERT_TRUE(draft.set_target("agent", "agent/index.json", tuf::testing::target_file("index")));
  EXPECT_EQ(repository.advance(std::move(draft), {3, 8, 4, 5}), Roles{"agent"});
  EXPECT_EQ(repository.advance({9, 4, 5}), Roles{});
  EXPECT_EQ(repository.client_refusal(), "");
}

TEST(Draft, OnlyKernelSeriesAndTheAgentAreDelegatedTo) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  for (const std::string role :
       {"linux-agent", "linux-", "linux-6", "linux-6.1/x", "linux-6.1.2", "linux-*", "agents", "6.1"})
    EXPECT_FALSE(draft.delegate(role, role_keys({8}))) << role;
  EXPECT_TRUE(draft.delegate("linux-6.12", role_keys({8})));
}

TEST(Draft, SaysToASignerWhatIsNew) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.set_target("linux-6.1", path, tuf::testing::target_file("other")));
  const auto changes = draft.changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].role, "linux-6.1");
  EXPECT_EQ(changes[0].version, 2);
  ASSERT_EQ(changes[0].differences.size(), 1U);
  EXPECT_EQ(changes[0].differences[0].substr(0, 42), "~ target 6.1/abc/level-1.tar: 5 bytes, sha");
}

TEST(Draft, AnInterruptedPublishingLeavesNothingStagedTwice) {
  auto repository = Published::with_roles();
  auto draft = repository.open();
  ASSERT_TRUE(draft.renew("targets"));
  ASSERT_TRUE(draft.advance(private_keys({3, 4, 5})));
  repository.staged = draft.staged();  // not cleared, although it went live
  for (const auto& [name, file] : draft.publishable()) repository.served[name] = file;
  EXPECT_FALSE(repository.open().anything_staged());
}

TEST(Draft, ThresholdsThatCannotBeMetAreRefused) {
  Published repository;
  auto draft = repository.open();
  EXPECT_EQ(draft.set_keys({{"root", role_keys({0}, 2)}}).error().message(), "root: 2 of 1 keys cannot sign");
  EXPECT_EQ(draft.set_keys({{"root", role_keys({0, 0}, 1)}}).error().message(),
            "root: key " + public_key(0).id + " is given twice");
  EXPECT_EQ(draft.set_keys({{"root", role_keys({0})}}).error().message(), "nobody may sign timestamp");
}

}  // namespace
}  // namespace suture::trust
