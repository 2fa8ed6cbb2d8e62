#include "server/domain/people/lockout.h"

#include <gtest/gtest.h>

namespace suture::server {
namespace {

using std::chrono::minutes, std::chrono::seconds;
constexpr Time first_failure{seconds(1'800'000'000)};

TEST(Lockout, FourWrongPasswordsLockNothing) {
  LoginFailures failures{"ada"};
  for (int count = 0; count < 4; ++count) failures = one_more(failures, first_failure);
  EXPECT_EQ(locked_for(failures, first_failure), seconds(0));
}

TEST(Lockout, TheFifthLocksForAMinuteAndEachMoreForTwiceAsLongUpToAnHour) {
  LoginFailures failures{"ada"};
  for (int count = 0; count < 4; ++count) failures = one_more(failures, first_failure);
  auto now = first_failure;
  for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    failures = one_more(failures, now);
    EXPECT_EQ(locked_for(failures, now), minutes(expected));
    now += minutes(expected);
    EXPECT_EQ(locked_for(failures, now - seconds(1)), seconds(1));
    EXPECT_EQ(locked_for(failures, now), seconds(0));
  }
}

}  // namespace
}  // namespace suture::server
