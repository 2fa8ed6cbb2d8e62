#include "server/domain/people/login.h"

#include <algorithm>

#include "base/json.h"
#include "base/read_described.h"
#include "server/domain/audit.h"
#include "server/domain/people/lockout.h"
#include "server/domain/people/password.h"
#include "server/domain/people/people.h"
#include "trust/tuf/time.h"

namespace suture::server {
namespace {

constexpr json::Limits limits{.bytes = 8192, .depth = 2, .values = 10};
constexpr std::chrono::hours token_life{12};
constexpr auto everybody = "";

struct LoginRequest {
  std::string name, password;
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (name, password))

Result<LoginRequest> read_login(std::string_view body) {
  auto request = TRY(json::from_strict_text<LoginRequest>(body, "body", limits));
  if (!is_name(request.name)) return fail("body.name: is no name of a person");
  return request;
}

tl::unexpected<Refusal> not_known() {
  return refuse(Kind::unauthorized, "login", "this name and this password are not known together");
}

}  // namespace

Outcome<std::string> Logins::log_in(std::string_view body, Time now) {
  const auto request = TRY(as_input(read_login(body)));
  const auto failures = TRY(store_->login_failures(request.name));
  if (const auto wait = failures ? locked_for(*failures, now) : std::chrono::seconds(0); wait.count() != 0)
    return refuse_for(wait, "locked", "after too many wrong passwords this name is locked for {} s", wait.count());
  if (const auto wait = hashes_.wait(everybody, now); wait.count() != 0)
    return refuse_for(wait, "too-many", "too many log in at this moment: again after {} s", wait.count());
  hashes_.spend(everybody, now);

  const auto person = TRY(store_->person(request.name));
  const bool is_right = TRY(is_password(request.password, person ? person->password : ""));
  if (!is_right || person->expires <= now) return wrong(request.name, now);
  const auto expires = std::min<Time>(now + token_life, person->expires);
  std::string token;
  const auto write = [&]() -> Done {
    // Another process may have given the person another password while this one was looked at.
    if (const auto still = TRY(store_->person(person->name)); !still || still->digest != person->digest)
      return not_known();
    TRY(store_->forget_login_failures(person->name));
    token = TRY(add_access_token(*store_, person->name, scope_of(person->role), expires, now));
    return as_done(append(*store_, {.at = now, .who = person->name, .text = "logged in"}));
  };
  TRY(store_->transaction(write));
  return json::pretty({{"token", token}, {"expires", trust::tuf::format_time(expires)}});
}

Outcome<std::string> Logins::wrong(const std::string& name, Time now) {
  const auto write = [&]() -> Done {
    const auto before = TRY(store_->login_failures(name));
    const auto failures = one_more(before.value_or(LoginFailures{name}), now);
    TRY(store_->put_login_failures(failures));
    const auto locked = locked_for(failures, now);
    if (locked.count() == 0) return {};
    const auto text = fmt::format("logging in as {} is locked for {} s: {} wrong passwords in a row", name,
                                  locked.count(), failures.in_a_row);
    return as_done(append(*store_, {.at = now, .who = "server", .text = text}));
  };
  TRY(store_->transaction(write));
  return not_known();
}

}  // namespace suture::server
