#include "builder/compare/layout_changes.h"

#include <gtest/gtest.h>

#include "image/testing/btf_builder.h"

namespace suture::builder {
namespace {

using image::testing::BtfBuilder;

elf::Object object_with(const BtfBuilder& types) {
  elf::Object object;
  auto data = types.build();
  const auto size = data.size();
  object.add(elf::Section{.name = ".BTF", .data = std::move(data), .size = size});
  return object;
}

std::vector<LayoutChange> changes_between(const BtfBuilder& before, const BtfBuilder& after) {
  auto changes = find_layout_changes(object_with(before), object_with(after), "fs/a.c");
  EXPECT_TRUE(changes) << changes.error().describe();
  return changes ? *changes : std::vector<LayoutChange>{};
}

BtfBuilder request(const std::vector<BtfBuilder::Field>& more, std::uint32_t size = 16) {
  BtfBuilder types;
  types.integer("int", 4);
  std::vector<BtfBuilder::Field> fields{{"state", 1, 0}, {"bytes", 1, 64}};
  fields.insert(fields.end(), more.begin(), more.end());
  types.structure("request", size, fields);
  return types;
}

TEST(LayoutChanges, AreNoneWhereNothingChanged) { EXPECT_TRUE(changes_between(request({}), request({})).empty()); }

TEST(LayoutChanges, NameTheFieldThatWasAdded) {
  const auto changes = changes_between(request({}), request({{"retries", 1, 128}}, 20));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].type, "request");
  EXPECT_EQ(changes[0].what, "field retries was added at byte 16");
  EXPECT_FALSE(changes[0].fits_in);
}

TEST(LayoutChanges, KnowAFieldThatFitsIntoPadding) {
  const auto changes = changes_between(request({}), request({{"retries", 1, 32}}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_TRUE(changes[0].fits_in);
}

TEST(LayoutChanges, LeaveOutWhatOnlyContainsAChangedType) {
  auto before = request({});
  before.structure("queue", 20, {{"first", 2, 0}, {"count", 1, 128}});
  auto after = request({{"retries", 1, 128}}, 20);
  after.structure("queue", 24, {{"first", 2, 0}, {"count", 1, 160}});
  const auto changes = changes_between(before, after);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].type, "request");
}

TEST(LayoutChanges, OfATypeThatOthersShareAreRefused) {
  const auto findings = judge_layout_changes({{.type = "request", .what = "x"}}, "fs/a.c", "struct request *first;\n");
  ASSERT_EQ(findings.refusals.size(), 1U);
  EXPECT_EQ(findings.refusals[0].place, "fs/a.c: struct request");
}

TEST(LayoutChanges, InPaddingOfATypeThatOthersShareAreRefusedUnlessAccepted) {
  const std::vector<LayoutChange> changes{{.type = "request", .what = "x", .fits_in = true}};
  const auto findings = judge_layout_changes(changes, "fs/a.c", "struct request *first;\n");
  ASSERT_EQ(findings.refusals.size(), 1U);
  EXPECT_EQ(findings.refusals[0].code, "struct-padding");
  const auto accepted = judge_layout_changes(changes, "fs/a.c", "struct request *first;\n", {"struct-padding"});
  EXPECT_TRUE(accepted.refusals.empty());
  ASSERT_EQ(accepted.warnings.size(), 1U);
  EXPECT_EQ(accepted.warnings[0].code, "struct-layout");
}

const std::string definition = "struct request\n{\n\tint state;\n};\n";

LayoutFindings judged(const std::string& text) {
  return judge_layout_changes({{.type = "request", .what = "x"}}, "fs/a.c", definition + text);
}

TEST(LayoutChanges, InPaddingOfATypeOfTheSourceItselfAreAWarning) {
  const auto findings = judge_layout_changes({{.type = "request", .what = "x", .fits_in = true}}, "fs/a.c", definition);
  EXPECT_TRUE(findings.refusals.empty());
  EXPECT_EQ(findings.warnings.size(), 1U);
}

TEST(LayoutChanges, OfATypeThatIsOnTheStackOnlyAreAWarning) {
  const auto findings = judged("int f(void)\n{\n\tstruct request request = {};\n\treturn g(&request);\n}\n");
  EXPECT_TRUE(findings.refusals.empty());
  EXPECT_EQ(findings.warnings.size(), 1U);
}

TEST(LayoutChanges, OfATypeThatAnotherTypeHoldsAreRefusedWhateverElseIsOnTheStack) {
  for (const bool by_pointer : {false, true}) {
    auto before = request({});
    before.structure("queue", by_pointer ? 8 : 16, {{"first", by_pointer ? before.pointer(2) : 2U, 0}});
    auto after = request({{"retries", 1, 128}}, 20);
    after.structure("queue", by_pointer ? 8 : 20, {{"first", by_pointer ? after.pointer(2) : 2U, 0}});
    const auto changes = changes_between(before, after);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_TRUE(changes[0].held);
    const auto text =
        definition + "struct queue {\n\tstruct request first;\n};\nint f(void)\n{\n\tstruct request r;\n}\n";
    const auto findings = judge_layout_changes(changes, "fs/a.c", text);
    EXPECT_EQ(findings.refusals.size(), 1U);
    EXPECT_TRUE(findings.warnings.empty());
  }
}

TEST(LayoutChanges, KnowAFieldInTheRoomOfOneThatBecameNarrower) {
  BtfBuilder before, after;
  for (auto* types : {&before, &after}) types->integer("char", 1);
  before.structure("request", 1, {{"backup", 1, 0}});
  constexpr std::uint32_t one_bit = 1U << 24U;
  after.structure("request", 1, {{"backup", 1, one_bit}, {"more", 1, one_bit | 1U}}, true);
  const auto changes = changes_between(before, after);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].fits_in);
  EXPECT_TRUE(changes[0].same_places);
  EXPECT_EQ(judge_layout_changes(changes, "fs/a.c", definition).warnings.size(), 1U);
  EXPECT_EQ(judge_layout_changes(changes, "fs/a.c", "").refusals.size(), 1U);
}

TEST(LayoutChanges, AmongSeveralStructsOfOneNameAreNotOverlooked) {
  auto before = request({});
  before.structure("request", 4, {{"other", 1, 0}});
  auto after = request({});
  after.structure("request", 8, {{"other", 1, 0}, {"more", 1, 32}});
  const auto changes = changes_between(before, after);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].fits_in);
  EXPECT_TRUE(changes_between(before, before).empty());
}

TEST(LayoutChanges, KnowATypeThatOnlyATypedefNames) {
  BtfBuilder before, after;
  for (auto* types : {&before, &after}) types->integer("int", 4);
  before.alias("request_t", before.structure("", 4, {{"state", 1, 0}}));
  after.alias("request_t", after.structure("", 8, {{"state", 1, 0}, {"bytes", 1, 32}}));
  const auto changes = changes_between(before, after);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].type, "request_t");
}

TEST(LayoutChanges, ObjectsWithoutTypesHaveNone) {
  const auto changes = find_layout_changes({}, {}, "fs/a.c");
  ASSERT_TRUE(changes);
  EXPECT_TRUE(changes->empty());
}

}  // namespace
}  // namespace suture::builder
