#include "server/domain/people/rate_limit.h"

#include <gtest/gtest.h>

namespace suture::server {
namespace {

using std::chrono::seconds;
constexpr Time first_request{seconds(1'800'000'000)};
constexpr Rate three_at_once{.at_once = 3, .refill = seconds(10)};

void spend(RateLimit& limit, const std::string& client, int times, Time now = first_request) {
  for (int count = 0; count < times; ++count) limit.spend(client, now);
}

TEST(RateLimit, WhoHasSpentAllWaitsForTheNextAndTheOthersDoNot) {
  RateLimit limit(three_at_once, 100);
  spend(limit, "a", 2);
  EXPECT_EQ(limit.wait("a", first_request), seconds(0));
  spend(limit, "a", 1);
  EXPECT_EQ(limit.wait("a", first_request), seconds(10));
  EXPECT_EQ(limit.wait("a", first_request + seconds(4)), seconds(6));
  EXPECT_EQ(limit.wait("b", first_request), seconds(0));
}

TEST(RateLimit, TheyComeBackOneByOneAndNeverMoreThanAtFirst) {
  RateLimit limit(three_at_once, 100);
  spend(limit, "a", 3);
  spend(limit, "a", 1, first_request + seconds(10));
  EXPECT_EQ(limit.wait("a", first_request + seconds(10)), seconds(10));
  const auto later = first_request + std::chrono::hours(10);
  spend(limit, "a", 3, later);
  EXPECT_EQ(limit.wait("a", later), seconds(10));
}

TEST(RateLimit, WhoGoesOnAskingIsNotPunishedForIt) {
  RateLimit limit(three_at_once, 100);
  spend(limit, "a", 1000);
  EXPECT_EQ(limit.wait("a", first_request), seconds(10));
}

TEST(RateLimit, AClockThatIsSetBackMakesNobodyWaitForIt) {
  RateLimit limit(three_at_once, 100);
  spend(limit, "a", 3);
  EXPECT_EQ(limit.wait("a", first_request - std::chrono::hours(10)), seconds(10));
}

TEST(RateLimit, ManyAddressesMakeItForgetTheOneThatHasSpentLeast) {
  RateLimit limit(three_at_once, 100);
  spend(limit, "attacker", 3);
  for (int number = 0; number < 100'000; ++number) limit.spend(std::to_string(number), first_request);
  EXPECT_EQ(limit.wait("attacker", first_request), seconds(10));
}

TEST(RateLimit, AnIpv6SubscriberHasOneLimitForAllOfHisAddresses) {
  EXPECT_EQ(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:2:ffff::9"));
  EXPECT_NE(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:3::1"));
  EXPECT_EQ(client_of("fe80::1%eth0"), client_of("fe80::2%eth1"));
}

TEST(RateLimit, AnIpv4ClientIsTheSameOnASocketOfBothKinds) {
  EXPECT_EQ(client_of("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
  EXPECT_NE(client_of("::ffff:192.0.2.1"), client_of("::ffff:192.0.2.2"));
}

}  // namespace
}  // namespace suture::server
