#include "server/domain/rollouts/checks.h"

#include <gtest/gtest.h>

namespace suture::server {
namespace {

using rollout::Answer;
constexpr rollout::Time at{};

CheckSpec query() { return {.name = "errors", .url = "http://p:9090", .query = "rate(e[1m]) > 0", .at_most = 0.5}; }

Answer of_query(const std::string& result, long status = 200) {
  return judge(query(), status, R"({"status":"success","data":{"resultType":"vector","result":)" + result + "}}", at)
      .answer;
}

TEST(Checks, EverySeriesOfAQueryHasToBeWithinTheBounds) {
  EXPECT_EQ(of_query(R"([{"metric":{},"value":[1,"0.5"]}])"), Answer::pass);
  EXPECT_EQ(of_query(R"([{"metric":{},"value":[1,"0.1"]},{"metric":{},"value":[1,"0.6"]}])"), Answer::breach);
}

TEST(Checks, NothingAndNoNumberAreNoData) {
  EXPECT_EQ(of_query("[]"), Answer::no_data);
  EXPECT_EQ(of_query(R"([{"metric":{},"value":[1,"NaN"]}])"), Answer::no_data);
}

TEST(Checks, WhatPrometheusDoesNotAnswerWellIsAnErrorAndNoBreach) {
  EXPECT_EQ(of_query("[]", 503), Answer::error);
  EXPECT_EQ(of_query(R"([{"value":"x"}])"), Answer::error);
  EXPECT_EQ(of_query(R"([{"metric":{},"value":[1,"abc"]}])"), Answer::error);
  EXPECT_EQ(judge(query(), 200, "<html>", at).answer, Answer::error);
  EXPECT_EQ(judge(query(), 200, R"({"data":1})", at).answer, Answer::error);
}

TEST(Checks, AProbeThatAnswersBadlyIsABreach) {
  const CheckSpec probe{.name = "shop", .url = "http://shop/health"};
  EXPECT_EQ(judge(probe, 204, "", at).answer, Answer::pass);
  EXPECT_EQ(judge(probe, 500, "", at).answer, Answer::breach);
}

TEST(Checks, AQueryIsEscapedInItsAddress) {
  EXPECT_EQ(address_of(query()), "http://p:9090/api/v1/query?query=rate%28e%5B1m%5D%29%20%3E%200");
}

}  // namespace
}  // namespace suture::server
