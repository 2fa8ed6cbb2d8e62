// The policy that holds, and every one that held before.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "server/domain/people/people.h"
#include "server/domain/policy/policy.h"
#include "server/domain/store.h"

namespace suture::server {

class Policies {
 public:
  explicit Policies(Store& store) : store_(&store) {}

  /// Bodies and answers are as api/openapi.yaml has them. It holds from now on; `expected` is the version that the
  /// person saw as the one that holds.
  Outcome<std::string> activate(const Person& person, std::string_view body, Time now);
  Outcome<std::string> list();
  Outcome<std::string> show(std::int64_t version);

  /// The version that holds; 0 if there is none, and then everything is as each rollout asks for.
  Result<std::int64_t> active();
  /// Null for version 0.
  Result<const Policy*> at(std::int64_t version);
  /// When that version was.
  Result<Time> activated(std::int64_t version);

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
