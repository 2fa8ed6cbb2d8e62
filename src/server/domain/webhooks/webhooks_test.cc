#include "server/domain/webhooks/webhooks.h"

#include <gtest/gtest.h>

#include "server/domain/audit.h"
#include "server/store/sqlite.h"

namespace suture::server {
namespace {

constexpr Time now{std::chrono::seconds(1'800'000'000)};

class Webhooks : public testing::Test {
 protected:
  void happens(const std::string& text) { ASSERT_TRUE(append(*store, {.at = now, .who = "server", .text = text})); }
  Webhook added(const std::vector<std::string>& words = {}) {
    return make_webhook(*store, "https://siem.example.org/in?tenant=7", words, now).value();
  }
  std::unique_ptr<Store> store = open_sqlite(":memory:").value();
};

TEST_F(Webhooks, OneIsToldWhatHappensSinceItWasAddedAndThatItWas) {
  happens("begins");
  auto hook = added();
  happens("passes");
  const auto next = next_delivery(*store, hook).value();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body.find("begins"), std::string::npos);
  EXPECT_NE(next->body.find("added: https://siem.example.org\""), std::string::npos) << "and not its query";
  EXPECT_NE(next->body.find("passes"), std::string::npos);
  EXPECT_EQ(behind(*store, hook).value(), 2);
  hook.told = next->told;
  EXPECT_FALSE(next_delivery(*store, hook).value());
  EXPECT_EQ(behind(*store, hook).value(), 0);
}

TEST_F(Webhooks, WhatWasNotAskedForIsSettledWithoutBeingSent) {
  auto hook = added({"held", "frozen"});
  happens("it was withheld, and is_held");
  auto next = next_delivery(*store, hook).value();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "");
  hook.told = next->told;
  happens("held: a clone");
  EXPECT_NE(next_delivery(*store, hook).value()->body.find("held: a clone"), std::string::npos);
}

TEST_F(Webhooks, OnlyWebAddressesWithoutPasswordsAreTaken) {
  for (const auto* url : {"", "ftp://a/", "file:///etc/shadow", "https://", "https:///x", "http://a b/", "HTTPS://a",
                          "https://ada:secret@siem.example.org/", "http://a/\n"})
    EXPECT_FALSE(make_webhook(*store, url, {}, now)) << url;
  EXPECT_FALSE(make_webhook(*store, "http://a", {"two words"}, now));
  EXPECT_TRUE(store->webhooks().value().empty());
}

TEST_F(Webhooks, OneThatIsNotThereCannotBeRemoved) {
  EXPECT_FALSE(remove_webhook(*store, "0", now));
  const auto hook = added();
  EXPECT_TRUE(remove_webhook(*store, hook.id, now));
  EXPECT_TRUE(store->webhooks().value().empty());
}

TEST(WebAddress, IsTakenApartBeforeItsPath) {
  const auto parts = [](std::string_view url) {
    const auto address = read_address(url).value();
    return address.origin + " " + address.target;
  };
  EXPECT_EQ(parts("https://a.example:1/b/?c=d"), "https://a.example:1 /b/?c=d");
  EXPECT_EQ(parts("http://a"), "http://a /");
  EXPECT_EQ(parts("http://a?b"), "http://a /?b");
}

// printf '1800000000.{}' | openssl dgst -sha256 -hmac secret
TEST(Signature, IsOfTheTimeAndTheBody) {
  EXPECT_EQ(signature("secret", now, "{}"),
            "t=1800000000,v1=bb7079132825ac793cea8c013c1dd24d926b9b02132245b10588d9e5c0df70d7");
}

TEST(Pause, DoublesUpToAnHour) {
  using std::chrono::milliseconds;
  EXPECT_EQ(pause_after(1, 1), milliseconds(1000));
  EXPECT_EQ(pause_after(1, 0), milliseconds(500));
  EXPECT_EQ(pause_after(4, 1), milliseconds(8000));
  EXPECT_EQ(pause_after(13, 1), std::chrono::hours(1));
  EXPECT_EQ(pause_after(1'000'000, 1), std::chrono::hours(1));
  EXPECT_EQ(pause_after(1'000'000, 0), std::chrono::minutes(30));
}

}  // namespace
}  // namespace suture::server
