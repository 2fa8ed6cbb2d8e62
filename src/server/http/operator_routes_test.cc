#include "server/http/operator_routes.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "server/domain/audit.h"
#include "server/testing/served.h"

namespace suture::server {
namespace {

class Operators : public testing::Test, protected Served {
 protected:
  std::string create(const std::string& body = rollout_request) {
    const auto made = ask({.method = "POST", .target = "/v1/rollouts", .body = body});
    return std::string(json::parse(made.body, "answer").value().at("id").as_string());
  }
  Answer act(const std::string& rollout, const std::string& verb, const std::string& if_match,
             const std::string& token = "") {
    return ask({.method = "POST",
                .target = "/v1/rollouts/" + rollout + "/" + verb,
                .body = "",
                .token = token,
                .if_match = if_match});
  }
  unsigned activate(int expected) {
    const auto body = fmt::format(R"({{"text":"policy: 1\nrules: []\n","expected":{}}})", expected);
    return ask({.method = "POST", .target = "/v1/policies", .body = body}).status;
  }
  Answer stream(const std::string& target, const std::string& last_event_id = "") {
    return ask(
        {.method = "GET", .target = target, .body = "", .accept = "text/event-stream", .last_event_id = last_event_id});
  }
  void happens(const std::string& rollout = "") {
    ASSERT_TRUE(append(*store, {.at = now, .who = "server", .rollout = rollout, .text = "it happens"}));
  }
  /// The members of this name of a list, page by page.
  std::string pages(std::string target, const std::string& member) {
    std::string seen;
    while (!target.empty()) {
      const auto page = get(target);
      EXPECT_EQ(page.status, 200U) << page.body;
      const auto list = json::parse(page.body, "answer").value();
      for (const auto& each : list.as_array()) seen += std::string(each.at(member).as_string()) + " ";
      seen += "| ";
      target = page.link.empty() ? "" : page.link.substr(1, page.link.find('>') - 1);
    }
    return seen;
  }
};

TEST_F(Operators, HostsAreListedPageByPage) {
  for (const auto* name : {"b", "c", "d"})
    ASSERT_TRUE(store->put_host({.id = name, .key = name, .hostname = name, .machine_id = ""}));
  EXPECT_EQ(pages("/v1/hosts?limit=2", "hostname"), "a b | c d | ");
  EXPECT_EQ(pages("/v1/hosts?limit=3", "hostname"), "a b c | d | ");
  EXPECT_EQ(pages("/v1/hosts", "hostname"), "a b c d | ");
}

TEST_F(Operators, AHostThatEnrolsWhileAListIsReadMovesNoOther) {
  ASSERT_TRUE(store->put_host({.id = "c", .key = "c", .hostname = "c", .machine_id = ""}));
  const auto first = get("/v1/hosts?limit=1");
  ASSERT_TRUE(store->put_host({.id = "0", .key = "0", .hostname = "0", .machine_id = ""}));
  EXPECT_EQ(pages(first.link.substr(1, first.link.find('>') - 1), "hostname"), "c | ");
}

TEST_F(Operators, RolloutsAreListedPageByPage) {
  for (int i = 0; i < 3; ++i) {
    const auto id = create();
    ASSERT_EQ(act(id, "abort", "").status, 200U);
    ASSERT_TRUE(rollouts.tick(now));
  }
  EXPECT_EQ(pages("/v1/rollouts?limit=2", "name"), "a a | a | ");
}

TEST_F(Operators, PoliciesAreListedPageByPage) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(activate(i), 200U);
  EXPECT_EQ(pages("/v1/policies?limit=2", "by"), "ada ada | ada | ");
  EXPECT_EQ(pages("/v1/policies?limit=3", "by"), "ada ada ada | ");
}

TEST_F(Operators, TheAuditSaysWhereItGoesOn) {
  for (int i = 0; i < 5; ++i) happens();
  const auto first = get(fmt::format("/v1/audit?limit=3&after={}", begun));
  const auto second = get(first.link.substr(1, first.link.find('>') - 1));
  EXPECT_EQ(second.body.find(fmt::format("{{\"sequence\":{},", begun + 4)), 0U) << second.body;
  EXPECT_EQ(second.link, "");
}

TEST_F(Operators, APageThatNobodyGaveIsRefused) {
  for (const auto* query : {"limit=0", "limit=1001", "limit=x", "limit=", "cursor=zz", "cursor=", "cursor=a"}) {
    EXPECT_EQ(get("/v1/hosts?" + std::string(query)).status, 400U) << query;
    EXPECT_EQ(get("/v1/rollouts?" + std::string(query)).status, 400U) << query;
    EXPECT_EQ(get("/v1/audit?" + std::string(query)).status, 400U) << query;
    EXPECT_EQ(get("/v1/policies?" + std::string(query)).status, 400U) << query;
  }
  EXPECT_EQ(get("/v1/rollouts?cursor=6162").status, 400U);
  EXPECT_EQ(get("/v1/audit?cursor=6162").status, 400U);
  EXPECT_EQ(get("/v1/policies?cursor=6162").status, 400U);
}

TEST_F(Operators, ARolloutThatChangedSinceSomebodyLookedIsLeftAlone) {
  const auto id = create();
  const auto seen = get("/v1/rollouts/" + id).etag;
  ASSERT_NE(seen, "");
  report(2);
  const auto paused = act(id, "pause", seen);
  ASSERT_EQ(paused.status, 200U) << "a report of a host changes nothing";
  EXPECT_EQ(act(id, "resume", seen).status, 412U);
  EXPECT_EQ(act(id, "resume", paused.etag).status, 200U);
  EXPECT_EQ(act(id, "pause", seen, person("carol", Role::auditor)).status, 403U);
}

TEST_F(Operators, WhoMayNotBreakTheGlassLearnsNothingOfWhatChanged) {
  const auto id = create();
  const auto seen = get("/v1/rollouts/" + id).etag;
  ASSERT_EQ(act(id, "pause", "").status, 200U);
  EXPECT_EQ(act(id, "break-glass", seen, person("dan", Role::operates)).status, 403U);
  EXPECT_EQ(act(id, "break-glass", seen).status, 412U);
}

TEST_F(Operators, WhatIsAskedForAsJsonHasATagAndIsNotSentAgain) {
  ASSERT_EQ(activate(0), 200U);
  for (const auto* target :
       {"/v1/hosts", "/v1/hosts/h", "/v1/rollouts", "/v1/policies", "/v1/policies/1", "/v1/catalogue"}) {
    const auto first = get(target);
    EXPECT_EQ(first.status, 200U) << target << first.body;
    EXPECT_NE(first.etag, "") << target;
    EXPECT_EQ(ask({.method = "GET", .target = target, .body = "", .if_none_match = first.etag}).status, 304U) << target;
  }
}

TEST_F(Operators, NothingIsSeenWithATokenThatIsNotForThat) {
  const auto token = make_access_token(*store, "ada", {Act::propose}, now + std::chrono::hours(1), now).value();
  for (const auto* target : {"/v1/hosts", "/v1/hosts/h", "/v1/rollouts", "/v1/policies", "/v1/policies/1",
                             "/v1/catalogue", "/v1/audit", "/v1/events", "/v1/metrics"})
    EXPECT_EQ(ask({.method = "GET", .target = target, .body = "", .token = token, .if_none_match = "*"}).status, 403U)
        << target;
}

TEST_F(Operators, ARolloutIsSentAgainOnlyIfThereIsSomethingNewInIt) {
  const auto id = create();
  const auto again = [&](const std::string& tag, Time at) {
    return ask({.method = "GET", .target = "/v1/rollouts/" + id, .body = "", .if_none_match = tag}, at);
  };
  const auto first = again("", now);
  EXPECT_EQ(again(first.etag, now + std::chrono::seconds(1)).status, 304U);
  report(2);
  EXPECT_EQ(again(first.etag, now).status, 200U);
}

TEST_F(Operators, SecondsThatAreCountedMakeNoNewAnswer) {
  ASSERT_TRUE(
      store->put_host({.id = "i", .key = "i", .hostname = "b", .machine_id = "", .labels = {{"ring", "canary"}}}));
  report(1, "i");
  const auto id = create(R"({"name":"a","level":1,"approvals":0,)"
                         R"("rings":[{"name":"c","where":{"ring":"canary"},"at_once":2,"pause":100}]})");
  ASSERT_TRUE(rollouts.tick(now));
  const auto look = [&](int second) {
    return ask({.method = "GET", .target = "/v1/rollouts/" + id, .body = ""}, now + std::chrono::seconds(second));
  };
  EXPECT_NE(look(1).body.find("the next host may be told in 99 s"), std::string::npos);
  EXPECT_NE(look(2).body.find("the next host may be told in 98 s"), std::string::npos);
  EXPECT_EQ(look(1).etag, look(2).etag);
  EXPECT_NE(look(1).etag, look(101).etag) << "by then it waits no more";
}

TEST_F(Operators, EventsGoOnAfterTheLastThatWasSeen) {
  for (int i = 0; i < 3; ++i) happens();
  const auto all = stream("/v1/events");
  EXPECT_EQ(all.body.find("id: 1\ndata: {"), 0U) << all.body;
  const auto last = std::to_string(begun + 3);
  EXPECT_EQ(all.goes_on, last);
  const auto rest = stream("/v1/events", std::to_string(begun + 2));
  EXPECT_EQ(rest.body.find("id: " + last + "\n"), 0U) << rest.body;
  const auto none = stream("/v1/events", last);
  EXPECT_EQ(none.status, 200U);
  EXPECT_EQ(none.body, "");
  EXPECT_EQ(none.goes_on, last);
  EXPECT_EQ(stream("/v1/events", "x").status, 400U);
}

TEST_F(Operators, TheEventsOfARolloutAreItsOwn) {
  const auto id = create();
  happens();
  happens(id);
  const auto events = stream("/v1/rollouts/" + id + "/events", std::to_string(begun + 1));
  EXPECT_EQ(events.body.find(fmt::format("id: {}\n", begun + 3)), 0U) << events.body;
  EXPECT_EQ(get("/v1/rollouts/" + id + "/events").type, "application/jsonl");
  EXPECT_EQ(stream("/v1/rollouts/none/events").status, 404U);
}

}  // namespace
}  // namespace suture::server
