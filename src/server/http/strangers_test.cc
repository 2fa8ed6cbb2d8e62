#include "server/http/strangers.h"

#include <gtest/gtest.h>

namespace suture::server {
namespace {

using std::chrono::seconds;
constexpr Time now{seconds(1'800'000'000)};

Request from(const std::string& address) { return {.method = "GET", .target = "/", .body = "", .client = address}; }

class StrangersTest : public testing::Test {
 protected:
  unsigned ask(const std::string& address, unsigned status, Time at = now) {
    return strangers.admit(from(address), at, [&] { return Answer{.status = status}; }).status;
  }
  Strangers strangers{};
};

TEST_F(StrangersTest, ThirtyBadTokensFromOneAddressAreAnsweredAndThenItWaits) {
  for (int count = 0; count < 30; ++count) EXPECT_EQ(ask("192.0.2.1", 401), 401U);
  const auto refused = strangers.admit(from("192.0.2.1"), now, []() -> Answer {
    ADD_FAILURE();
    return {};
  });
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(refused.retry_after, seconds(2));
  EXPECT_EQ(ask("192.0.2.2", 401), 401U);
  EXPECT_EQ(ask("192.0.2.1", 401, now + seconds(2)), 401U);
}

TEST_F(StrangersTest, AHundredHostsThatEnrolFromOneAddressWaitForNothing) {
  for (int count = 0; count < 100; ++count) EXPECT_EQ(ask("192.0.2.1", 200), 200U);
}

TEST_F(StrangersTest, WhatTheServerFailsAtCountsForNobody) {
  for (int count = 0; count < 100; ++count) EXPECT_EQ(ask("192.0.2.1", 500), 500U);
}

}  // namespace
}  // namespace suture::server
