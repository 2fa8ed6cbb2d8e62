#include "server/domain/people/login.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "server/domain/people/people.h"
#include "server/store/sqlite.h"

namespace suture::server {
namespace {

using std::chrono::hours, std::chrono::seconds;
constexpr Time first_login{seconds(1'800'000'000)};
constexpr auto password = "correct horse";

class Login : public testing::Test {
 protected:
  void add(Time expires = first_login + hours(1000)) {
    make_person(*store, {.name = "ada", .role = Role::operates, .expires = expires, .password = password}, first_login)
        .value();
  }
  Outcome<std::string> log_in(const std::string& name, const std::string& with) {
    return logins.log_in(json::pretty({{"name", name}, {"password", with}}), now);
  }
  std::string code(const std::string& name, const std::string& with) {
    const auto answer = log_in(name, with);
    return answer ? "" : answer.error().code;
  }
  std::vector<std::string> audit() {
    std::vector<std::string> texts;
    const auto entries = store->audit_after(0, "", 100).value();
    for (const auto& each : entries) texts.push_back(each.text);
    return texts;
  }

  Time now = first_login;
  std::unique_ptr<Store> store = open_sqlite(":memory:").value();
  Logins logins{*store};
};

TEST_F(Login, APasswordIsGoodForATokenOfTwelveHoursAndAsManyAsOneLikes) {
  add();
  std::vector<std::string> tokens;
  for (int count = 0; count < 2; ++count) {
    const auto answer = json::parse(log_in("ada", password).value(), "answer").value();
    EXPECT_EQ(answer.at("expires").as_string(), "2027-01-15T20:00:00Z");
    tokens.emplace_back(answer.at("token").as_string());
  }
  for (const auto& token : tokens) {
    EXPECT_EQ(identify(*store, token, first_login + hours(12) - seconds(1)).value().name, "ada");
    EXPECT_FALSE(identify(*store, token, first_login + hours(12)));
  }
  EXPECT_EQ(audit().back(), "logged in");
}

TEST_F(Login, ATokenIsGoodForNoLongerThanThePerson) {
  add(first_login + hours(1));
  const auto answer = json::parse(log_in("ada", password).value(), "answer").value();
  EXPECT_EQ(answer.at("expires").as_string(), "2027-01-15T09:00:00Z");
  now = first_login + hours(1);
  EXPECT_EQ(code("ada", password), "login");
}

TEST_F(Login, AWrongPasswordAndAnUnknownNameAreAnsweredAlike) {
  add();
  make_person(*store, {.name = "bot", .role = Role::auditor, .expires = first_login + hours(1)}, first_login).value();
  const auto wrong = log_in("ada", "wrong");
  for (const auto& other : {log_in("nobody", password), log_in("bot", ""), log_in("bot", password)}) {
    EXPECT_EQ(other.error().kind, wrong.error().kind);
    EXPECT_EQ(other.error().code, wrong.error().code);
    EXPECT_EQ(other.error().message, wrong.error().message);
  }
}

TEST_F(Login, AfterFiveWrongPasswordsARightOneIsNotLookedAtAndNoNameIsAnException) {
  add();
  for (const auto* name : {"ada", "nobody"}) {
    for (int count = 0; count < 5; ++count) EXPECT_EQ(code(name, "wrong"), "login");
    const auto locked = log_in(name, password);
    EXPECT_EQ(locked.error().code, "locked");
    EXPECT_EQ(locked.error().retry_after, seconds(60));
  }
}

TEST_F(Login, AServerThatIsStartedAnewKeepsALock) {
  add();
  for (int count = 0; count < 5; ++count) EXPECT_EQ(code("ada", "wrong"), "login");
  Logins anew(*store);
  EXPECT_EQ(anew.log_in(json::pretty({{"name", "ada"}, {"password", password}}), now).error().code, "locked");
}

TEST_F(Login, OnceALockIsOverOneTryIsLeftBeforeTheNextAndARightPasswordForgetsAll) {
  add();
  for (int count = 0; count < 5; ++count) EXPECT_EQ(code("ada", "wrong"), "login");
  now += seconds(60);
  EXPECT_EQ(code("ada", "wrong"), "login");
  EXPECT_EQ(log_in("ada", password).error().retry_after, seconds(120));
  now += seconds(120);
  EXPECT_EQ(code("ada", password), "");
  for (int count = 0; count < 4; ++count) EXPECT_EQ(code("ada", "wrong"), "login");
  EXPECT_EQ(code("ada", password), "");
}

TEST_F(Login, EachLockIsInTheAuditOnce) {
  for (int count = 0; count < 20; ++count) code("nobody", "wrong");
  EXPECT_EQ(audit(), std::vector<std::string>{"logging in as nobody is locked for 60 s: 5 wrong passwords in a row"});
}

TEST_F(Login, WhoIsAddedAnewIsNotLocked) {
  add();
  for (int count = 0; count < 5; ++count) EXPECT_EQ(code("ada", "wrong"), "login");
  add();
  EXPECT_EQ(code("ada", password), "");
}

TEST_F(Login, FromManyAddressesTogetherNoMorePasswordsAreTriedThanTheServerHasTimeFor) {
  std::map<std::string, int> codes;
  for (int count = 0; count < 35; ++count) ++codes[code("name-" + std::to_string(count), "wrong")];
  EXPECT_EQ(codes, (std::map<std::string, int>{{"login", 30}, {"too-many", 5}}));
  ++now;
  EXPECT_EQ(code("another", "wrong"), "login");
}

TEST_F(Login, WhatNobodyMeansIsRefused) {
  for (const auto* body :
       {"", "{}", "[", R"({"name":"ada"})", R"({"name":"ada","password":1})", R"({"name":"","password":"x"})",
        R"({"name":"\u001b[2J","password":"x"})", R"({"name":"ada","password":"x","role":"admin"})"})
    EXPECT_EQ(logins.log_in(body, now).error().code, "bad-input") << body;
}

TEST(LoginFailures, OfAnyNumberOfNamesSoManyAreRememberedAsFit) {
  const auto store = open_sqlite(":memory:").value();
  for (int number = 0; number < 10'010; ++number)
    ASSERT_TRUE(store->put_login_failures({std::to_string(number), 1, first_login}));
  EXPECT_FALSE(store->login_failures("9").value());
  EXPECT_TRUE(store->login_failures("10").value());
  EXPECT_TRUE(store->login_failures("10009").value());
}

}  // namespace
}  // namespace suture::server
