#include "server/http/entity_tag.h"

#include <gtest/gtest.h>

namespace suture::server {
namespace {

const ShownRollout shown{"{}", std::string(64, 'a'), std::string(64, 'b')};
const std::string tag = tag_of(shown);

Answer asked(const std::string& if_none_match, const std::string& etag = "") {
  return conditional({.method = "GET", .target = "/", .body = "", .if_none_match = if_none_match},
                     {.body = "{}", .type = "application/json", .etag = etag});
}

TEST(EntityTag, WhoHasItAlreadyIsNotSentItAgain) {
  const auto first = asked("");
  EXPECT_EQ(first.status, 200U);
  const auto second = asked(R"("x", )" + first.etag);
  EXPECT_EQ(second.status, 304U);
  EXPECT_EQ(second.body, "");
  EXPECT_EQ(second.etag, first.etag);
  EXPECT_EQ(asked("W/" + first.etag).status, 304U);
  EXPECT_EQ(asked("\"x\"").status, 200U);
}

TEST(EntityTag, AReportOfAHostMakesANewAnswerAndStandsInTheWayOfNoAct) {
  auto later = shown;
  later.seen = std::string(64, 'c');
  EXPECT_EQ(asked(tag, tag_of(later)).status, 200U);
  EXPECT_TRUE(unchanged(tag, later.version));
}

TEST(EntityTag, NothingIsDoneToARolloutThatHasChanged) {
  EXPECT_EQ(unchanged(tag, std::string(64, 'c')).error().kind, Kind::changed);
  EXPECT_EQ(unchanged("nonsense", shown.version).error().kind, Kind::changed);
  EXPECT_TRUE(unchanged("\"x\"," + tag, shown.version));
  EXPECT_TRUE(unchanged("*", shown.version));
  EXPECT_TRUE(unchanged("", shown.version));
}

}  // namespace
}  // namespace suture::server
