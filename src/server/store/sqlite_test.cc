#include "server/store/sqlite.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace suture::server {
namespace {

class Transactions : public testing::Test {
 protected:
  static Done refused() { return refuse(Kind::conflict, "not-now", "not now"); }
  Done recall(rollout::Level level) {
    return store->transaction([&] { return as_done(store->put_recall(level, "why")); });
  }
  bool has(rollout::Level level) { return other->recalled(level).value().has_value(); }

  TempDir directory = TempDir::make().value();
  std::unique_ptr<Store> store = open_sqlite(directory.path() / "suture.db").value();
  std::unique_ptr<Store> other = open_sqlite(directory.path() / "suture.db").value();
};

TEST_F(Transactions, OneWithinAnotherIsOnDiskWithTheWhole) {
  EXPECT_TRUE(store->transaction([&]() -> Done {
    TRY(recall(1));
    EXPECT_FALSE(has(1));
    return {};
  }));
  EXPECT_TRUE(has(1));
}

TEST_F(Transactions, OneWithinAnotherIsUndoneAlone) {
  EXPECT_TRUE(store->transaction([&]() -> Done {
    TRY(recall(1));
    EXPECT_FALSE(store->transaction([&]() -> Done {
      TRY(recall(2));
      return refused();
    }));
    return recall(3);
  }));
  EXPECT_TRUE(has(1));
  EXPECT_FALSE(has(2));
  EXPECT_TRUE(has(3));
}

TEST_F(Transactions, ThoseThatAreGatheredAreOnDiskTogetherOrNotAtAll) {
  EXPECT_TRUE(store->gather([&]() -> Done {
    TRY(recall(1));
    EXPECT_FALSE(has(1));
    return recall(2);
  }));
  EXPECT_TRUE(has(1) && has(2));
  EXPECT_FALSE(store->gather([&]() -> Done {
    TRY(recall(3));
    return refused();
  }));
  EXPECT_FALSE(has(3));
}

TEST_F(Transactions, GatheringKeepsNoOtherProcessFromWritingBeforeItWritesItself) {
  EXPECT_TRUE(store->gather([&]() -> Done {
    EXPECT_TRUE(other->put_recall(1, "why"));
    return recall(2);
  }));
  EXPECT_TRUE(has(1) && has(2));
}

TEST(StoredHosts, AreReadAPageAtATime) {
  const auto store = open_sqlite(":memory:").value();
  for (const auto* id : {"3", "1", "2"})
    ASSERT_TRUE(store->put_host({.id = id, .key = id, .hostname = "web", .machine_id = ""}));
  ASSERT_TRUE(store->put_host({.id = "0", .key = "0", .hostname = "zoo", .machine_id = ""}));
  std::string seen;
  for (HostPlace place;;) {
    const auto hosts = store->hosts_after(place, 3).value();
    if (hosts.empty()) break;
    for (const auto& each : hosts) seen += each.id;
    seen += ' ';
    place = {hosts.back().hostname, hosts.back().id};
  }
  EXPECT_EQ(seen, "123 0 ");
}

TEST(StoredAnswers, AreKeptUntilTheyAreTooOld) {
  const auto store = open_sqlite(":memory:").value();
  const Time now{std::chrono::seconds(1'800'000'000)};
  const auto since = now - std::chrono::hours(24);
  ASSERT_TRUE(store->keep_answer({.person = "ada", .key = "k", .request = "r", .at = now, .body = "b"}, since));
  EXPECT_EQ(store->kept_answer("ada", "k", since).value()->body, "b");
  EXPECT_FALSE(store->kept_answer("bob", "k", since).value());
  EXPECT_FALSE(store->kept_answer("ada", "k", now + std::chrono::seconds(1)).value());
  // Another day the same key is a new one.
  const auto later = now + std::chrono::hours(25);
  ASSERT_TRUE(store->keep_answer({.person = "ada", .key = "k", .request = "s", .at = later}, later - (now - since)));
  EXPECT_EQ(store->kept_answer("ada", "k", since).value()->request, "s");
}

TEST(StoredWebhooks, OneThatWasRemovedWhileItWasToldSomethingStaysRemoved) {
  const auto store = open_sqlite(":memory:").value();
  Webhook hook{.id = "1", .url = "http://a", .secret = "s", .words = {"held", "begins"}};
  ASSERT_TRUE(store->add_webhook(hook));
  hook.told = 7;
  ASSERT_TRUE(store->note_delivery(hook));
  EXPECT_EQ(store->webhooks().value().at(0).told, 7);
  EXPECT_EQ(store->webhooks().value().at(0).words, hook.words);
  EXPECT_TRUE(store->remove_webhook("1").value());
  ASSERT_TRUE(store->note_delivery(hook));
  EXPECT_TRUE(store->webhooks().value().empty());
  EXPECT_FALSE(store->remove_webhook("1").value());
}

}  // namespace
}  // namespace suture::server
