#include "trust/tuf/path_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace suture::trust::tuf {
namespace {

TEST(PathPattern, MatchesAsTheSpecificationsExamplesDo) {
  EXPECT_TRUE(matches("targets/*.tgz", "targets/foo.tgz"));
  EXPECT_FALSE(matches("targets/*.tgz", "targets/foo.txt"));
  EXPECT_TRUE(matches("foo-version-?.tgz", "foo-version-a.tgz"));
  EXPECT_FALSE(matches("foo-version-?.tgz", "foo-version-alpha.tgz"));
  EXPECT_FALSE(matches("*.tgz", "targets/foo.tgz"));
  EXPECT_FALSE(matches("foo.tgz", "foo_tgz"));
}

TEST(PathPattern, NoWildcardMatchesASlash) {
  EXPECT_FALSE(matches("a?b", "a/b"));
  EXPECT_FALSE(matches("a[!x]b", "a/b"));
  EXPECT_FALSE(matches("a*", "a/b"));
  EXPECT_TRUE(matches("6.1/*/*", "6.1/abc/level-1.tar"));
  EXPECT_FALSE(matches("6.1/*/*", "6.1/abc"));
  EXPECT_FALSE(matches("6.1/*/*", "6.1/abc/d/e"));
  EXPECT_FALSE(matches("6.1/*/*", "6.10/abc/d"));
}

TEST(PathPattern, Sets) {
  EXPECT_TRUE(matches("v[0-9]", "v7"));
  EXPECT_FALSE(matches("v[0-9]", "vx"));
  EXPECT_FALSE(matches("v[!0-9]", "v7"));
  EXPECT_TRUE(matches("v[]]", "v]"));
  EXPECT_TRUE(matches("v[", "v["));
}

TEST(PathPattern, ManyStarsDoNotTakeForever) {
  EXPECT_FALSE(matches("*a*a*a*a*a*a*a*a*a*a*b", std::string(10000, 'a')));
}

TEST(PathPattern, StarsMatchNothingToo) {
  EXPECT_TRUE(matches("**", ""));
  EXPECT_TRUE(matches("a*b*", "ab"));
  EXPECT_FALSE(matches("", "a"));
}

}  // namespace
}  // namespace suture::trust::tuf
