#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "base/digest.h"
#include "publishing/key_file.h"
#include "publishing/publish.h"
#include "repository/update.h"
#include "trust/level/testing/manifests.h"
#include "trust/tuf/testing/repository.h"

namespace suture::publishing {
namespace {

namespace tuf = trust::tuf;
using tuf::testing::now;
using tuf::testing::public_key;

std::vector<trust::ed25519::PrivateKey> private_keys(const tuf::testing::KeyNumbers& numbers) {
  std::vector<trust::ed25519::PrivateKey> keys;
  for (const auto number : numbers) {
    const auto pem = tuf::testing::key(number).to_pem(trust::Secret()).value();
    keys.push_back(trust::ed25519::PrivateKey::from_pem(pem.reveal(), trust::Secret(), "key").value());
  }
  return keys;
}

/// A draft and a repository beside each other: root 0, targets 1, snapshot 2, timestamp 3.
class Publishing : public ::testing::Test {
 protected:
  void SetUp() override {
    auto directory = open();
    ASSERT_TRUE(directory.draft().set_keys({{"root", {{public_key(0)}, 1}},
                                            {"targets", {{public_key(1)}, 1}},
                                            {"snapshot", {{public_key(2)}, 1}},
                                            {"timestamp", {{public_key(3)}, 1}}}));
    ASSERT_TRUE(directory.save());
  }
  DraftDirectory open(const std::string& name = "draft") const {
    return DraftDirectory::open_or_make(work.path() / name, now).value();
  }
  fs::path served() const { return work.path() / "served"; }

  void add_level(DraftDirectory& directory, std::uint32_t number) const {
    const auto manifest = trust::testing::manifest_of(number);
    auto index = directory.index(manifest.release)
                     .value()
                     .value_or(trust::KernelIndex{.release = manifest.release, .build_id = manifest.build_id});
    ASSERT_TRUE(trust::add_level(index, manifest));
    ASSERT_TRUE(directory.add_target("linux-6.1", trust::level_path("6.1", manifest.build_id, number),
                                     trust::testing::level_file(manifest)));
    ASSERT_TRUE(directory.set_index(index));
    ASSERT_TRUE(directory.draft().advance(private_keys({0, 1, 2})));
    ASSERT_TRUE(directory.save());
  }
  std::size_t levels_served() const {
    const auto state = TempDir::make().value();
    const repository::Store store(state.path(), served() / "metadata/1.root.json");
    const auto source = repository::directory_source(served()).value();
    const auto update = repository::Update::begin(store, *source, now).value();
    EXPECT_TRUE(update->refresh());
    const auto manifest = trust::testing::manifest_of(1);
    return update->index(manifest.release, manifest.build_id).value()->levels.size();
  }

  TempDir work = TempDir::make().value();
};

TEST_F(Publishing, WhatIsCompleteGoesLiveAndNothingIsStagedAfter) {
  auto directory = open();
  add_level(directory, 1);
  const auto published = publish(directory, served(), private_keys({3}), now).value();
  EXPECT_TRUE(published.done);
  EXPECT_EQ(published.written.back(), "metadata/timestamp.json");
  EXPECT_EQ(published.expiries.front().role, "timestamp");
  EXPECT_FALSE(directory.draft().anything_staged());
  EXPECT_EQ(levels_served(), 1U);
  add_level(directory, 2);
  EXPECT_TRUE(publish(directory, served(), private_keys({3}), now)->done);
  EXPECT_EQ(levels_served(), 2U);
  EXPECT_FALSE(publish(directory, served(), private_keys({3}), now)->done);
}

TEST_F(Publishing, BelowTheThresholdNothingIsWritten) {
  auto directory = open();
  add_level(directory, 1);
  const auto published = publish(directory, served(), {}, now).value();
  EXPECT_FALSE(published.done);
  EXPECT_EQ(published.missing.at(0).role, "timestamp");
  EXPECT_TRUE(fs::is_empty(served() / "metadata"));
}

TEST_F(Publishing, ADraftFromAnotherStateIsRefused) {
  auto other = open("other");
  {
    auto directory = open();
    add_level(directory, 1);
    ASSERT_TRUE(publish(directory, served(), private_keys({3}), now)->done);
    ASSERT_TRUE(other.begin_from(served(), false));
    add_level(directory, 2);
    ASSERT_TRUE(publish(directory, served(), private_keys({3}), now)->done);
  }
  auto index = other.index("6.1.0-53-amd64").value().value();
  index.floor = 1;
  ASSERT_TRUE(other.set_index(index));
  ASSERT_TRUE(other.draft().advance(private_keys({0, 1, 2})));
  EXPECT_FALSE(publish(other, served(), private_keys({3}), now));
  EXPECT_FALSE(other.begin_from(served(), false));
  EXPECT_TRUE(other.begin_from(served(), true));
  EXPECT_EQ(other.index("6.1.0-53-amd64").value()->levels.size(), 2U);
}

TEST_F(Publishing, TheAgentsReleasesGoLiveWithKeysOfTheirOwnAlone) {
  auto directory = open();
  add_level(directory, 1);
  EXPECT_EQ(directory.agent_index().value(), trust::AgentIndex());
  trust::AgentIndex index;
  ASSERT_TRUE(trust::add_release(index, {1, "1.0", {{"suture-agent", "amd64", sha256_hex(as_bytes("one"))}}}));
  EXPECT_FALSE(directory.set_agent_index(index));

  ASSERT_TRUE(directory.draft().delegate("agent", trust::RoleKeys{{public_key(4)}, 1}));
  ASSERT_TRUE(directory.add_target("agent", "agent/1/suture-agent_amd64.deb", as_bytes("one")));
  ASSERT_TRUE(directory.set_agent_index(index));
  ASSERT_TRUE(directory.draft().advance(private_keys({0, 1, 2})));
  const auto without = publish(directory, served(), private_keys({3}), now).value();
  EXPECT_FALSE(without.done);
  EXPECT_EQ(without.missing.at(0).role, "agent");
  ASSERT_TRUE(directory.draft().advance(private_keys({4, 2})));
  ASSERT_TRUE(publish(directory, served(), private_keys({3}), now)->done);

  EXPECT_EQ(directory.agent_index().value(), index);
  auto other = open("other");
  ASSERT_TRUE(other.begin_from(served(), false));
  EXPECT_EQ(other.agent_index().value(), index);
}

TEST_F(Publishing, WhatWasChangedInTheDraftByHandIsNotSigned) {
  auto directory = open();
  add_level(directory, 1);
  EXPECT_TRUE(directory.check_targets());
  for (const auto& entry : fs::recursive_directory_iterator(work.path() / "draft/targets")) {
    if (entry.path().string().ends_with(".level-1.tar")) {
      ASSERT_TRUE(write_text(entry.path(), "something else"));
    }
  }
  EXPECT_FALSE(directory.check_targets());
  EXPECT_FALSE(publish(directory, served(), private_keys({3}), now));
  EXPECT_FALSE(fs::exists(served() / "metadata/timestamp.json"));
}

TEST_F(Publishing, DamageOfADraftIsAnError) {
  const auto file = work.path() / "draft/metadata.tar";
  const auto good = read_file(file).value();
  for (std::size_t length = 0; length < good.size(); length += 511) {
    ASSERT_TRUE(write_file(file, ByteView(good).first(length), Sync::no));
    EXPECT_FALSE(DraftDirectory::open(work.path() / "draft", now)) << length;
  }
  EXPECT_FALSE(DraftDirectory::open(work.path() / "nowhere", now));
}

TEST_F(Publishing, AKeyIsReadBackWithItsPassphraseOnly) {
  const auto name = work.path() / "alice";
  const auto key = make_key(name, trust::Secret("secret")).value();
  EXPECT_FALSE(make_key(name, trust::Secret("secret")));
  EXPECT_EQ(read_public_key(name.string() + ".pub").value(), key);
  const auto secret = read_private_key(name.string() + ".key", [] { return trust::Secret("secret"); });
  EXPECT_EQ(tuf::key_of(secret->public_key()), key);
  EXPECT_FALSE(read_private_key(name.string() + ".key", [] { return trust::Secret("other"); }));
  EXPECT_FALSE(read_public_key(name.string() + ".key"));
}

TEST_F(Publishing, AKeyMayComeThroughAPipe) {
  const auto name = work.path() / "bob";
  const auto key = make_key(name, trust::Secret("")).value();
  const auto pem = read_text(name.string() + ".key").value();
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], pem.data(), pem.size()), static_cast<ssize_t>(pem.size()));
  ::close(ends[1]);
  const auto secret = read_private_key(fmt::format("/dev/fd/{}", ends[0]), [] { return trust::Secret(""); });
  ASSERT_TRUE(secret) << secret.error().describe();
  EXPECT_EQ(tuf::key_of(secret->public_key()), key);
  ::close(ends[0]);
}

}  // namespace
}  // namespace suture::publishing
