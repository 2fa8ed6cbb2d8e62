#include "server/domain/people/people.h"

#include <gtest/gtest.h>

#include "server/store/sqlite.h"

namespace suture::server {
namespace {

using std::chrono::hours;
constexpr Time now{std::chrono::seconds(1'800'000'000)};
constexpr Time end = now + hours(1000);

class People : public testing::Test {
 protected:
  std::string add(const std::string& name, Role role) {
    return make_person(*store, {.name = name, .role = role, .expires = end}, now).value();
  }
  std::string code(const std::string& token, Act act, Time at = now) {
    const auto person = identify(*store, token, at);
    if (!person) return person.error().code;
    const auto allowed = allow(*person, act);
    return allowed ? "" : allowed.error().code;
  }

  std::unique_ptr<Store> store = open_sqlite(":memory:").value();
};

TEST_F(People, AFirstTokenMayDoAllThatTheRoleMay) {
  const auto token = add("ada", Role::operates);
  EXPECT_EQ(code(token, Act::see), "");
  EXPECT_EQ(code(token, Act::steer), "");
  EXPECT_EQ(code(token, Act::approve), "role");
}

TEST_F(People, ATokenWithAScopeMayDoNoMoreThanThat) {
  add("ada", Role::operates);
  const auto token = make_access_token(*store, "ada", {Act::see, Act::propose}, now + hours(1), now).value();
  EXPECT_EQ(code(token, Act::see), "");
  EXPECT_EQ(code(token, Act::propose), "");
  EXPECT_EQ(code(token, Act::steer), "scope");
}

TEST_F(People, AScopeGivesNobodyWhatTheRoleDoesNot) {
  add("rex", Role::auditor);
  EXPECT_FALSE(make_access_token(*store, "rex", {Act::see, Act::steer}, now + hours(1), now));
  EXPECT_FALSE(make_access_token(*store, "nobody", {Act::see}, now + hours(1), now));
}

TEST_F(People, EachTokenHasItsOwnEndAndNoneOutlivesItsOwner) {
  const auto first = add("ada", Role::operates);
  const auto brief = make_access_token(*store, "ada", {Act::see}, now + hours(1), now).value();
  const auto longer = make_access_token(*store, "ada", {Act::see}, end, now).value();
  EXPECT_EQ(code(brief, Act::see, now + hours(1)), "token");
  EXPECT_EQ(code(longer, Act::see, now + hours(1)), "");
  EXPECT_EQ(code(longer, Act::see, end), "token");
  EXPECT_EQ(code(first, Act::see, end), "token");
  EXPECT_FALSE(make_access_token(*store, "ada", {Act::see}, end + hours(1), now));
}

TEST_F(People, WhoIsAddedAnewHasNoneOfTheOldTokens) {
  const auto first = add("ada", Role::operates);
  const auto further = make_access_token(*store, "ada", {Act::see}, end, now).value();
  const auto anew = add("ada", Role::auditor);
  EXPECT_EQ(code(first, Act::see), "token");
  EXPECT_EQ(code(further, Act::see), "token");
  EXPECT_EQ(code(anew, Act::see), "");
  EXPECT_EQ(code(anew, Act::steer), "role");
}

TEST_F(People, TheAuditHasEachPersonAndTokenThatWasMade) {
  add("ada", Role::operates);
  make_access_token(*store, "ada", {Act::propose, Act::see}, now + hours(1), now).value();
  const auto entries = store->audit_after(0, "", 10).value();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].text, "ada is operator until 2027-02-26T00:00:00Z");
  EXPECT_EQ(entries[1].text, "a token for ada until 2027-01-15T09:00:00Z: see,propose");
}

TEST(Scope, IsReadAsItIsWritten) {
  EXPECT_EQ(to_text(read_scope("propose,see").value()), "see,propose");
  EXPECT_EQ(to_text(scope_of(Role::admin)), "see,propose,steer,govern,break-glass");
  for (const auto* wrong : {"", "see,,propose", "all", "see, propose"}) EXPECT_FALSE(read_scope(wrong)) << wrong;
}

}  // namespace
}  // namespace suture::server
