#include "base/strict_json.h"

#include <gtest/gtest.h>

namespace suture::json {
namespace {

std::string failure(std::string_view text, const Limits& limits = {}) {
  const auto value = parse_strict(text, "a.json", limits);
  return value ? "did not fail" : value.error().message();
}

TEST(StrictJson, AMemberThatComesTwiceIsRefusedAtAnyDepth) {
  EXPECT_EQ(failure(R"({"a":1,"b":2,"a":3})"), "a.json: has the member 'a' twice (offset 15)");
  EXPECT_NE(failure(R"([{"b":{"a":1,"\u0061":2}}])").find("has the member 'a' twice"), std::string::npos);
  EXPECT_TRUE(parse_strict(R"({"a":{"a":1},"b":{"a":1}})", "a.json"));
}

TEST(StrictJson, NumbersThatReadersDisagreeOnAreRefused) {
  EXPECT_NE(failure("1.5").find("no integer"), std::string::npos);
  EXPECT_NE(failure("1e3").find("no integer"), std::string::npos);
  EXPECT_TRUE(parse_strict("[1.5, 1e3]", "a.json", {.fractions = true}));
  EXPECT_FALSE(parse_strict("1e999", "a.json", {.fractions = true})) << "no two readers agree on what that is";
  EXPECT_NE(failure("9007199254740992").find("beyond 2^53"), std::string::npos);
  EXPECT_NE(failure("-9007199254740992").find("beyond 2^53"), std::string::npos);
  EXPECT_NE(failure("18446744073709551615").find("beyond 2^53"), std::string::npos);
  EXPECT_EQ(parse_strict("9007199254740991", "a.json")->as_int64(), largest_integer);
}

TEST(StrictJson, WhatIsNoJsonIsRefused) {
  EXPECT_NE(failure("").find("is not JSON"), std::string::npos);
  EXPECT_NE(failure("{} {}").find("is not JSON"), std::string::npos);
  EXPECT_NE(failure("{\"a\":1,}").find("is not JSON"), std::string::npos);
  EXPECT_NE(failure("{} // end").find("is not JSON"), std::string::npos);
  EXPECT_NE(failure("\"\xff\"").find("is not JSON"), std::string::npos);
  EXPECT_NE(failure("\"\\ud800\"").find("is not JSON"), std::string::npos);
}

TEST(StrictJson, IsBounded) {
  EXPECT_EQ(failure("[1,2,3]", {.bytes = 6}), "a.json: is longer than 6 bytes");
  EXPECT_NE(failure("[[[1]]]", {.depth = 2}).find("is not JSON"), std::string::npos);
  EXPECT_NE(failure("[1,2,3]", {.values = 3}).find("has too many values"), std::string::npos);
  EXPECT_TRUE(parse_strict("[[1,2]]", "a.json", {.depth = 2, .values = 4}));
}

TEST(Fields, ErrorsNameThePlace) {
  const auto value = parse_strict(R"({"signed":{"version":0,"name":[1],"more":true}})", "a.json").value();
  auto top = Fields::of(value, "a.json").value();
  auto fields = top.object("signed").value();
  EXPECT_EQ(fields.integer("version", 1, 9).error().message(),
            "a.json.signed.version: is no integer from 1 to 9 but 0");
  EXPECT_EQ(fields.string("name").error().message(), "a.json.signed.name: is no string but [1]");
  EXPECT_EQ(fields.boolean("missing").error().message(), "a.json.signed.missing: is missing");
  EXPECT_EQ(fields.no_rest().error().message(), "a.json.signed: has the unknown member 'more'");
  EXPECT_EQ(fields.rest(), std::vector<std::string_view>{"more"});
}

}  // namespace
}  // namespace suture::json
