// The policy that holds, and every one that held before.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "server/domain/people/people.h"
#include "server/domain/policy/policy.h"
#include "server/domain/store.h"

namespace suture::server {

/// Some versions, and after which one the next begin; 0 after the last.
struct PolicyList {
  std::string json;
  std::int64_t next = 0;
};

class Policies {
 public:
  explicit Policies(Store& store) : store_(&store) {}

  /// Bodies and answers are as api/openapi.yaml has them. It holds from now on; `expected` is the version that the
  /// person saw as the one that holds.
  Outcome<std::string> activate(const Person& person, std::string_view body, Time now);
  Outcome<PolicyList> list(std::int64_t after, std::size_t most);
  Outcome<std::string> show(std::int64_t version);

  /// The version that holds; 0 if there is none, and then everything is as each rollout asks for.
  Result<std::int64_t> active();
  /// Null for version 0.
  Result<const Policy*> at(std::int64_t version);
  /// When that version was.
  Result<Time> activated(std::int64_t version);

  /// What was activated in a transaction that came to nothing is forgotten: read again what is stored.
  void reload() { loaded_ = false; }

 private:
  Status load();

  struct Kept {
    PolicyVersion record{};
    Policy policy{};
  };
  Store* store_;
  std::map<std::int64_t, Kept> all_{};
  bool loaded_ = false;
};

/// {"text": YAML, "expected": version}
struct PolicyRequest {
  std::string text;
  std::int64_t expected = 0;
};
Result<PolicyRequest> read_policy_request(std::string_view body);

}  // namespace suture::server
