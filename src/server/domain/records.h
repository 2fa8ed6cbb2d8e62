// What the server remembers.
#pragma once

#include <boost/describe/class.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rollout/state.h"
#include "server/domain/labels.h"
#include "server/domain/people/roles.h"
#include "server/domain/rollouts/checks.h"
#include "trust/decision/assignment.h"
#include "trust/decision/audit_chain.h"

namespace suture::server {

using Time = std::chrono::sys_seconds;

struct EnrolmentToken {
  std::string digest;  ///< SHA-256 of the secret; the secret is nowhere
  std::int64_t uses = 0;
  Time expires{};
  Labels labels{};  ///< of the hosts that enrol by it
};

struct Host {
  std::string id;   ///< UUID
  std::string key;  ///< SHA-256 of the SubjectPublicKeyInfo that its certificates must have
  std::string hostname, machine_id;
  Time enrolled{};
  std::string held{};  ///< why its reports are not believed; empty if they are
  Labels labels{};
};

struct HostReport {
  std::string host;
  std::int64_t sequence = 0;
  std::string digest;  ///< SHA-256 of `body`
  Time at{};           ///< when it reached us
  std::string body;
};

/// A person, or a program, that speaks to the API with a token.
struct Person {
  std::string name;  ///< unique
  Role role = Role::auditor;
  std::string digest;      ///< SHA-256 of the token
  std::string key{};       ///< Ed25519, hexadecimal, with which an approver signs; may be empty
  Time expires{};          ///< of the person: no token and no password of theirs is good after it
  std::string password{};  ///< its hash (people/password.h); empty without
  Scope scope{};           ///< of the token that was shown; not stored here
};

/// One more token of a person, beside the one that the person was made with.
struct AccessToken {
  std::string digest;  ///< SHA-256 of the token
  std::string person;
  Scope scope{};
  Time expires{};
};

/// Wrong passwords of a name, whether or not somebody has it, since the last right one.
struct LoginFailures {
  std::string name;
  std::int64_t in_a_row = 0;
  Time locked_until{};
};

/// So many of these people have to approve; nobody named: of all approvers.
struct ApprovalRule {
  std::string rule;  ///< of the policy
  std::int64_t count = 0;
  std::vector<std::string> by{};
  bool operator==(const ApprovalRule&) const = default;
};

BOOST_DESCRIBE_STRUCT(ApprovalRule, (), (rule, count, by))

struct Approval {
  std::string by;
  std::string document;  ///< as it was signed
};

/// A plan that goes through rings, and where it stands.
struct Rollout {
  std::string id, name, author;
  Time created{};
  std::string digest;  ///< SHA-256 of what was decided when it was created: what approvals are bound to
  rollout::Plan plan{};
  rollout::State state{};
  std::vector<trust::AssignedLevel> targets{};     ///< every level that a host may be told, for each kernel
  std::string agent{};                             ///< version of the agent that hosts go to; empty: to a level
  std::vector<trust::AssignedAgent> agents{};      ///< the agent's releases that were signed when it was created
  std::map<std::string, std::string> build_ids{};  ///< of the kernel that each host ran
  std::int64_t approvals_needed = 0;
  std::vector<Approval> approvals{};
  std::vector<CheckSpec> checks{};            ///< that gates name
  std::vector<std::string> passed_by_hand{};  ///< rings
  std::int64_t policy = 0;                    ///< the version that it was held against; 0: there was none
  std::vector<std::string> policy_rules{};    ///< that matched
  std::vector<ApprovalRule> approval_rules{};
  rollout::Level takes_back = 0;  ///< the level that its hosts run, and go down from; 0: they go up
  std::string emergency{};        ///< why it does not wait for windows and freezes; empty: it waits
  std::string broken_glass{};     ///< by whom, and why, it goes on without what it lacked; empty: it does not
};

/// What one host was told.
struct AssignmentRecord {
  std::string host;
  std::int64_t sequence = 0;
  std::string rollout;
  std::uint64_t order = 0;   ///< of that rollout; 0 takes back what was told
  rollout::Level level = 0;  ///< to run; of no meaning if the order is 0
  std::string agent{};       ///< version of the agent to run, and `level` is its release; empty: a level
  Time not_after{};
  std::string document;
};

/// A policy as it was activated; the one with the highest version holds.
struct PolicyVersion {
  std::int64_t version = 0;
  Time at{};
  std::string by, text;
};

/// A level that the repository has, since when we know of it: deadlines count from there.
struct SeenLevel {
  std::string build_id;
  rollout::Level level = 0;
  Time at{};
};

using trust::AuditEntry;

}  // namespace suture::server
