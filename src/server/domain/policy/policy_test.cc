#include "server/domain/policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "server/domain/policy/calendar.h"
#include "server/domain/policy/judge.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Time at(std::string_view text) { return trust::tuf::parse_time(text).value(); }

Policy policy_of(const std::string& rest) {
  auto policy = read_policy("policy: 1\n" + rest, "policy");
  EXPECT_TRUE(policy) << (policy ? "" : policy.error().describe());
  return policy ? *policy : Policy();
}

PolicySubject host(Labels labels, std::string kind = "security", std::string severity = "high") {
  return {.host = "web-1",
          .labels = std::move(labels),
          .release = "6.1.0-53-amd64",
          .fixes = {{.id = "a.patch", .kind = std::move(kind), .severity = std::move(severity), .cves = {}}}};
}

const Time now = at("2026-11-30T10:00:00Z");  // a Monday

TEST(Policy, TheGuidesExampleIsOne) {
  const auto guide = read_text(std::filesystem::path(SUTURE_SOURCE_DIR) / "docs/policy.md").value();
  const auto begin = guide.find("```yaml\n") + 8;
  const auto policy = read_policy(guide.substr(begin, guide.find("```", begin) - begin), "docs/policy.md");
  ASSERT_TRUE(policy) << policy.error().describe();
  EXPECT_EQ(policy->rules.size(), 4U);
  EXPECT_EQ(policy->freezes.front().from, at("2026-12-18T16:00:00Z"));
  const auto judgement = judge(*policy, {host({{"service", "payment"}})}, now);
  EXPECT_THAT(judgement.denials, IsEmpty());
  EXPECT_THAT(judgement.rules, ElementsAre("security", "payment is careful"));
}

TEST(Policy, WhatNoRuleSpeaksOfIsDenied) {
  const auto policy = policy_of("rules: [{name: a, match: {kind: [security], hosts: {ring: canary}}}]");
  EXPECT_THAT(judge(policy, {host({{"ring", "canary"}})}, now).denials, IsEmpty());
  EXPECT_THAT(judge(policy, {host({{"ring", "wave"}})}, now).denials,
              ElementsAre("no rule speaks of fix a.patch (security, high) on web-1 with kernel 6.1.0-53-amd64"));
  EXPECT_THAT(judge(policy, {host({{"ring", "canary"}}, "bugfix")}, now).denials,
              ElementsAre(HasSubstr("no rule speaks of fix a.patch (bugfix, high)")));
  EXPECT_THAT(judge(policy_of("rules: []"), {host({})}, now).denials, ElementsAre(HasSubstr("no rule")));
}

TEST(Policy, OneHostThatIsDeniedDeniesAll) {
  const auto policy = policy_of("rules: [{name: a}, {name: b, match: {hosts: {ring: wave}}, deny: not there}]");
  EXPECT_THAT(judge(policy, {host({{"ring", "canary"}}), host({{"ring", "wave"}})}, now).denials,
              ElementsAre(HasSubstr("rule 'b' denies fix a.patch")));
}

TEST(Policy, ALiftedRuleDoesNotAllow) {
  const auto policy = policy_of(
      "rules: [{name: a}]\n"
      "exceptions: [{name: e, owner: ada, reason: r, until: '2026-12-01T00:00:00Z', lifts: [a]}]");
  EXPECT_THAT(judge(policy, {host({})}, now).denials, ElementsAre(HasSubstr("no rule")));
  EXPECT_THAT(judge(policy, {host({})}, at("2026-12-01T00:00:00Z")).denials, IsEmpty());
}

TEST(Policy, EachRulesApprovalsAreCountedByThemselves) {
  const auto policy =
      policy_of("rules: [{name: a, require: {approvals: 2}}, {name: b, require: {approvers: [grace]}}]");
  const auto rules = judge(policy, {host({})}, now).approvals;
  EXPECT_EQ(missing_approvals(rules, {"linus"}), "1 of 2 approvals are missing (rule 'a')");
  EXPECT_EQ(missing_approvals(rules, {"linus", "joan"}), "1 of 1 approvals of grace are missing (rule 'b')");
  EXPECT_EQ(missing_approvals(rules, {"linus", "grace"}), "");
}

TEST(Policy, APlanIsMadeAsStrictAsTheStrictestRuleAndNeverSofter) {
  rollout::Plan plan{.level = 1, .rings = {{.name = "canary", .hosts = {{.id = "a"}, {.id = "b"}}, .at_once = 5}}};
  plan.rings[0].gate.soak = rollout::Seconds(7200);
  const auto policy = policy_of(
      "rules: [{name: a, require: {soak: 1h, at_once: 9, first_ring: 2}},"
      " {name: b, require: {soak: 3h, at_once: 2, success_percent: 50}}]");
  const auto made = make_strict(judge(policy, {host({})}, now).strictest, plan);
  EXPECT_THAT(made.denials, IsEmpty());
  EXPECT_THAT(made.raised,
              ElementsAre("ring canary: at_once: 2 instead of 5", "ring canary: soak: 10800 s instead of 7200 s"));
  EXPECT_EQ(plan.rings[0].gate.success_percent, 100U);
}

const auto windows = R"(
rules:
- {name: a, windows: [day, night]}
- {name: b, match: {hosts: {ring: canary}}, windows: [day]}
windows:
  day: {days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00", zone: Europe/Berlin}
  night: {days: [sun], from: "22:00", to: "04:00", zone: Europe/Berlin}
)";

TEST(Window, OneOfARulesWindowsIsEnoughAndEveryRuleNeedsOne) {
  const auto policy = policy_of(windows);
  const auto night = at("2026-11-29T23:30:00Z");
  EXPECT_EQ(closed(policy, {"a"}, {{}}, now), "");
  EXPECT_EQ(closed(policy, {"a"}, {{}}, night), "");
  EXPECT_EQ(closed(policy, {"a", "b"}, {{}}, night), "outside of window 'day' (mon-fri 09:00-17:00 Europe/Berlin)");
  EXPECT_THAT(closed(policy, {"a"}, {{}}, at("2026-11-30T20:00:00Z")), HasSubstr("'day'"));
}

TEST(Window, ThatEndsOnTheNextDayBelongsToTheDayOnWhichItBegins) {
  const auto policy = policy_of(windows);
  const auto& night = policy.windows[1];
  EXPECT_TRUE(is_within(night, at("2026-11-29T21:00:00Z")));  // Sunday, 22:00 in Berlin
  EXPECT_FALSE(is_within(night, at("2026-11-29T20:59:59Z")));
  EXPECT_TRUE(is_within(night, at("2026-11-30T02:59:59Z")));  // Monday, before 04:00
  EXPECT_FALSE(is_within(night, at("2026-11-30T03:00:00Z")));
  EXPECT_FALSE(is_within(night, at("2026-11-30T21:30:00Z")));  // Monday night
}

TEST(Window, FollowsTheZonesClocksThroughTheirChange) {
  const auto day = policy_of(windows).windows[0];
  EXPECT_TRUE(is_within(day, at("2026-10-23T07:00:00Z")));   // summer time: 09:00
  EXPECT_FALSE(is_within(day, at("2026-10-26T07:59:59Z")));  // winter time: 08:59
  EXPECT_TRUE(is_within(day, at("2026-10-26T08:00:00Z")));
}

TEST(Freeze, IsForTheHostsThatItNamesAndUntilItsEnd) {
  const auto policy = policy_of(
      "rules: [{name: a}]\n"
      "freezes: [{name: f, from: '2026-11-30T00:00', to: '2026-12-02T00:00', zone: UTC, hosts: {service: shop}}]");
  EXPECT_EQ(closed(policy, {"a"}, {{{"service", "mail"}}}, now), "");
  EXPECT_EQ(closed(policy, {"a"}, {{{"service", "mail"}}, {{"service", "shop"}}}, now),
            "freeze 'f' until 2026-12-02T00:00:00Z");
  EXPECT_EQ(closed(policy, {"a"}, {{{"service", "shop"}}}, at("2026-12-02T00:00:00Z")), "");
}

TEST(Policy, MistakesAreNamedWithTheirLine) {
  const auto reason = [](const std::string& text) {
    const auto policy = read_policy(text, "p");
    return policy ? "none" : policy.error().describe();
  };
  EXPECT_THAT(reason("policy: 1\nrules:\n- {name: a, require: {soak: soon}}\n"), HasSubstr("p:3: 'soon' is no time"));
  EXPECT_THAT(reason("policy: 1\nrules: [{name: a, match: {kind: [gossip]}}]"), HasSubstr("'gossip' is not known"));
  EXPECT_THAT(reason("policy: 1\nrules: [{name: a}, {name: a}]"), HasSubstr("'a' is the name of two things"));
  EXPECT_THAT(reason("policy: 1\nrules: [{name: a, require: {approvals: 2, approvers: [grace, grace]}}]"),
              HasSubstr("2 approvals cannot come from 1 approvers"));
  EXPECT_THAT(reason("policy: 1\nfreezes: [{name: f, from: '2026-12-02T00:00', to: '2026-12-01T00:00', zone: UTC}]"),
              HasSubstr("ends before it begins"));
  EXPECT_THAT(reason("policy: 1\nfreezes: [{name: f, from: 'today', to: '2026-12-01T00:00', zone: UTC}]"),
              HasSubstr("'today' is no local time"));
  EXPECT_THAT(reason("policy: 1\nwindows: {w: {days: [mon], from: '25:00', to: '26:00', zone: UTC}}"),
              HasSubstr("'25:00' is no time of a day"));
  EXPECT_THAT(reason(""), HasSubstr("'policy: 1' is missing"));
  EXPECT_THAT(reason("&a [*a"), HasSubstr("p:"));
}

}  // namespace
}  // namespace suture::server
