// A server without a network, with one host that has reported, for tests of what it answers.
#pragma once

#include <string>

#include "base/file.h"
#include "server/domain/people/people.h"
#include "server/http/operator_routes.h"
#include "server/store/sqlite.h"

namespace suture::server {

constexpr Time now{std::chrono::seconds(1'800'000'000)};
inline const std::string rollout_request = R"({"name":"a","level":1,"rings":[{"name":"c","where":{"ring":"canary"}}]})";

/// Level 1 of one kernel.
class OneLevel : public Catalogue {
 public:
  std::shared_ptr<const Offers> offers() override {
    KernelOffer offer;
    offer.index = {.release = "6.1", .build_id = "ab"};
    offer.index.levels = {{.level = 1, .name = "livepatch_1", .digest = std::string(64, 'a')}};
    offer.levels[1] = {std::string(64, 'a'), {{0, rollout::Way::disable_and_load}}, false};
    Offers made;
    made.kernels["ab"] = std::move(offer);
    return std::make_shared<const Offers>(std::move(made));
  }
  bool has_looked_since(Instant) override { return !is_looking; }
  bool is_looking = false;
};

class NoAnswers : public CheckAnswers {
 public:
  rollout::Check answer(const CheckSpec&) override { return {}; }
};

class NoAuthority : public Authority {
 public:
  Result<CertificateRequest> read_request(std::string_view) const override { return fail("nobody enrols here"); }
  Result<std::string> certify(const CertificateRequest&, const std::string&, Time) const override {
    return fail("nobody enrols here");
  }
  const std::string& ca() const override { return none_; }

 private:
  std::string none_{};
};

class Served {
 public:
  Served() {
    (void)store->put_host({.id = "h", .key = "k", .hostname = "a", .machine_id = "", .labels = {{"ring", "canary"}}});
    report(1);
  }

  /// A host says something.
  void report(std::int64_t sequence, const std::string& host = "h") {
    (void)store->add_report({.host = host,
                             .sequence = sequence,
                             .digest = "d",
                             .at = now + std::chrono::seconds(sequence),
                             .body = R"({"inventory":{"kernel":"6.1","build_id":"ab"},)"
                                     R"("status":{"level":0,"state":"idle","verdict":"none"}})"});
  }

  /// By ada, if no other token is named.
  Answer ask(Request request, Time at = now) {
    if (request.token.empty()) request.token = ada;
    return answer_people(parts, request, at);
  }
  Answer get(const std::string& target) { return ask({.method = "GET", .target = target, .body = ""}); }

  std::string person(const std::string& name, Role role) {
    return make_person(*store, {.name = name, .role = role, .expires = now + std::chrono::hours(100)}, now).value();
  }

  TempDir directory = TempDir::make().value();
  std::unique_ptr<Store> store = open_sqlite(directory.path() / "suture.db").value();
  OneLevel catalogue{};
  NoAnswers answers{};
  NoAuthority authority{};
  trust::ed25519::PrivateKey assignment_key = trust::ed25519::PrivateKey::generate().value();
  Fleet fleet{*store, authority, catalogue, assignment_key};
  Policies policies{*store};
  Rollouts rollouts{*store, catalogue, policies, answers, assignment_key};
  Logins logins{*store};
  Strangers strangers{};
  Parts parts{*store, catalogue, policies, fleet, rollouts, logins, strangers, assignment_key};
  std::string ada = person("ada", Role::admin), bob = person("bob", Role::admin);
  std::int64_t begun = store->last_audit().value()->sequence;  ///< the last entry that tells of the two
};

}  // namespace suture::server
