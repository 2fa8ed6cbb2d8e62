#include "base/read_described.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace suture::json {

struct ReadInner {
  std::string name;
  std::uint8_t small = 0;
};
BOOST_DESCRIBE_STRUCT(ReadInner, (), (name, small))

struct ReadOuter {
  bool flag = false;
  std::vector<ReadInner> inner;
  std::vector<std::int64_t> numbers;
  ReadInner one;
};
BOOST_DESCRIBE_STRUCT(ReadOuter, (), (flag, inner, numbers, one))

namespace {

constexpr auto good =
    R"({"flag":true,"inner":[{"name":"a","small":255}],"numbers":[-1,2],"one":{"name":"b","small":0}})";

std::string failure(std::string text, std::string_view what, std::string_view with) {
  text.replace(text.find(what), what.size(), with);
  const auto read = from_strict_text<ReadOuter>(text, "a.json");
  return read ? "did not fail" : read.error().message();
}

TEST(ReadDescribed, ReadsWhatWasWritten) {
  const auto read = from_strict_text<ReadOuter>(good, "a.json");
  ASSERT_TRUE(read) << read.error().describe();
  EXPECT_EQ(boost::json::serialize(boost::json::value_from(*read)), good);
}

TEST(ReadDescribed, EveryMemberMustBeThereAndNoOther) {
  EXPECT_EQ(failure(good, "\"flag\":true,", ""), "a.json.flag: is missing");
  EXPECT_EQ(failure(good, "\"name\":\"a\",", ""), "a.json.inner[0].name: is missing");
  EXPECT_EQ(failure(good, "\"flag\"", "\"more\":1,\"flag\""), "a.json: has the unknown member 'more'");
  EXPECT_EQ(failure(good, "\"name\":\"b\"", "\"name\":\"b\",\"x\":{}"), "a.json.one: has the unknown member 'x'");
}

TEST(ReadDescribed, TypesAndRangesMustFit) {
  EXPECT_EQ(failure(good, "255", "256"), "a.json.inner[0].small: is no integer from 0 to 255 but 256");
  EXPECT_EQ(failure(good, "255", "-1"), "a.json.inner[0].small: is no integer from 0 to 255 but -1");
  EXPECT_EQ(failure(good, "-1,", "\"x\","), "a.json.numbers[0]: is no integer in range");
  EXPECT_EQ(failure(good, "true", "1"), "a.json.flag: is neither true nor false but 1");
  EXPECT_EQ(failure(good, "[-1,2]", "{}"), "a.json.numbers: is no array but {}");
}

}  // namespace
}  // namespace suture::json
