#include "server/http/once.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "server/testing/served.h"

namespace suture::server {
namespace {

/// While it lives, the disk is full.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class Once : public testing::Test, protected Served {
 protected:
  Answer create(const std::string& with_key, const std::string& body = rollout_request, const std::string& token = "",
                Time at = now) {
    return ask({.method = "POST", .target = "/v1/rollouts", .body = body, .token = token, .idempotency_key = with_key},
               at);
  }
  Answer post(const std::string& target, const std::string& body = "") {
    return ask({.method = "POST", .target = target, .body = body, .idempotency_key = key});
  }
  std::size_t entries() { return store->audit_after(begun, "", 100).value().size(); }

  static inline const std::string key = R"("0f8e")";
};

TEST_F(Once, ARequestThatComesAgainIsAnsweredAgainAndNotDoneAgain) {
  const auto first = create(key);
  ASSERT_EQ(first.status, 200U) << first.body;
  const auto second = create(key);
  EXPECT_EQ(second.status, 200U);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.type, first.type);
  EXPECT_EQ(entries(), 1U);
  // A server that was started again since knows it too.
  Rollouts again{*store, catalogue, policies, answers, assignment_key};
  rollouts = again;
  EXPECT_EQ(create(key).body, first.body);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Once, AnAnswerHasItsTagWhenItIsGivenAgain) {
  ASSERT_EQ(create("").status, 200U);
  const auto target = "/v1/rollouts/" + rollouts.all().value().at(0).id + "/pause";
  const auto first = post(target);
  ASSERT_EQ(first.status, 200U) << first.body;
  EXPECT_NE(first.etag, "");
  EXPECT_EQ(post(target).etag, first.etag);
}

TEST_F(Once, ARefusalIsGivenAgainToo) {
  EXPECT_EQ(create(key, "[").status, 400U);
  EXPECT_EQ(create(key, "[").status, 400U);
}

TEST_F(Once, AKeyThatComesWithAnotherRequestIsRefused) {
  ASSERT_EQ(create(key).status, 200U);
  EXPECT_EQ(create(key, rollout_request + " ").status, 422U);
  EXPECT_EQ(post("/v1/recalls", rollout_request).status, 422U);
  EXPECT_EQ(ask({.method = "PUT", .target = "/v1/rollouts", .body = rollout_request, .idempotency_key = key}).status,
            422U);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Once, EachPersonsKeysAreTheirOwn) {
  ASSERT_EQ(create(key).status, 200U);
  EXPECT_EQ(create(key, "[", bob).status, 400U);
}

TEST_F(Once, AKeyIsForgottenAfterADay) {
  EXPECT_EQ(create(key, "[").status, 400U);
  EXPECT_EQ(create(key, rollout_request, "", now + std::chrono::hours(24)).status, 422U);
  EXPECT_EQ(create(key, rollout_request, "", now + std::chrono::hours(25)).status, 200U);
}

TEST_F(Once, WhatIsNoStringInQuotesIsNoKey) {
  for (const auto* wrong : {"0f8e", "\"", "\"\"", "\"a", "\"a\"b\"", "\"a b\"", "\"a\\\\\""})
    EXPECT_EQ(create(wrong).status, 400U) << wrong;
  EXPECT_EQ(create('"' + std::string(256, 'a') + '"').status, 400U);
  EXPECT_EQ(create('"' + std::string(255, 'a') + '"').status, 200U);
}

TEST_F(Once, ThatTheServerFailedIsNotKept) {
  ASSERT_TRUE(store->add_report({.host = "h", .sequence = 2, .digest = "d", .at = now, .body = "["}));
  EXPECT_EQ(create(key).status, 500U);
  report(3);
  EXPECT_EQ(create(key).status, 200U);
}

TEST_F(Once, WhatIsNotYetAnsweredIsAskedAgainWithItsKey) {
  catalogue.is_looking = true;
  const auto waits = create(key);
  EXPECT_EQ(waits.status, 503U);
  EXPECT_GT(waits.wait.count(), 0);
  catalogue.is_looking = false;
  const auto made = create(key);
  EXPECT_EQ(made.status, 200U) << made.body;
  catalogue.is_looking = true;
  EXPECT_EQ(create(key).body, made.body) << "what is kept needs no look";
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Once, WhatCouldNotBeWrittenIsNotRememberedEither) {
  ASSERT_EQ(create("").status, 200U);
  const auto id = rollouts.all().value().at(0).id;
  {
    const FullDisk disk;
    EXPECT_EQ(post("/v1/rollouts/" + id + "/pause").status, 500U);
  }
  EXPECT_EQ(rollouts.all().value().at(0).state.phase, rollout::Phase::running);
  EXPECT_EQ(entries(), 1U);
  EXPECT_EQ(post("/v1/rollouts/" + id + "/pause").status, 200U);
}

TEST_F(Once, APolicyThatCouldNotBeWrittenDoesNotHold) {
  const std::string policy = R"({"text":"policy: 1\nrules: []\n","expected":0})";
  {
    const FullDisk disk;
    EXPECT_EQ(post("/v1/policies", policy).status, 500U);
  }
  EXPECT_EQ(policies.active().value(), 0);
  const auto activated = post("/v1/policies", policy);
  EXPECT_EQ(activated.status, 200U) << activated.body;
  EXPECT_EQ(post("/v1/policies", policy).body, activated.body);
  EXPECT_EQ(policies.active().value(), 1);
}

TEST_F(Once, LabelsAreGivenOnce) {
  const auto label = [&] {
    return ask({.method = "PUT",
                .target = "/v1/hosts/h/labels",
                .body = R"({"labels":{"ring":"wave"}})",
                .idempotency_key = key});
  };
  const auto first = label();
  EXPECT_EQ(first.status, 200U) << first.body;
  EXPECT_EQ(label().body, first.body);
  EXPECT_EQ(entries(), 1U);
}

}  // namespace
}  // namespace suture::server
