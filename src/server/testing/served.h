// A server without a network, with one host that has reported, for tests of what it answers.
#pragma once

#include <string>

#include "base/file.h"
#include "server/http/operator_routes.h"
#include "server/store/sqlite.h"

namespace suture::server {

constexpr Time now{std::chrono::seconds(1'800'000'000)};
inline const std::string rollout_request = R"({"name":"a","level":1,"rings":[{"name":"c","where":{"ring":"canary"}}]})";

class EveryLevel : public Catalogue {
 public:
  Result<MetadataVersions> versions() override { return MetadataVersions{}; }
  Result<std::optional<OfferedLevel>> level(const std::string&, const std::string&, rollout::Level) override {
    if (is_gone) return fail("the mirror is gone");
    return OfferedLevel{std::string(64, 'a'), {{0, rollout::Way::disable_and_load}}, 0};
  }
  bool is_gone = false;
};

class NoAnswers : public CheckAnswers {
 public:
  rollout::Check answer(const CheckSpec&) override { return {}; }
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
    return answer_people(*store, rollouts, request, at);
  }
  Answer get(const std::string& target) { return ask({.method = "GET", .target = target, .body = ""}); }

  std::string person(const std::string& name, Role role) {
    return make_person(*store, name, role, "", now + std::chrono::hours(100)).value();
  }

  TempDir directory = TempDir::make().value();
  std::unique_ptr<Store> store = open_sqlite(directory.path() / "suture.db").value();
  EveryLevel catalogue{};
  NoAnswers answers{};
  trust::ed25519::PrivateKey assignment_key = trust::ed25519::PrivateKey::generate().value();
  Rollouts rollouts{*store, catalogue, answers, assignment_key};
  std::string ada = person("ada", Role::admin), bob = person("bob", Role::admin);
};

}  // namespace suture::server
