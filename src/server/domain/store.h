// Where records are kept. The domain knows no database; a store knows no rules.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/domain/kept_answer.h"
#include "server/domain/outcome.h"
#include "server/domain/records.h"
#include "server/domain/webhooks/webhook.h"

namespace suture::server {

/// Where a list of hosts goes on: after this one.
struct HostPlace {
  std::string hostname, id;
};

class Store {
 public:
  virtual ~Store() = default;

  /// Everything that `work` writes is on disk once this returns, or nothing of it is: if `work` refuses, and if
  /// the process dies within. One within another is a part of it: undone alone if it refuses, on disk with the whole.
  virtual Done transaction(const std::function<Done()>& work) = 0;
  /// Makes one transaction of all within `work`. It begins with the first of them: what `work` looks at before
  /// that keeps no other process from writing. Not within another.
  virtual Done gather(const std::function<Done()>& work) = 0;

  virtual Status put_token(const EnrolmentToken& token) = 0;  ///< new, or changed
  virtual Result<std::optional<EnrolmentToken>> token(const std::string& digest) = 0;

  virtual Status put_host(const Host& host) = 0;
  virtual Result<std::optional<Host>> host(const std::string& id) = 0;
  virtual Result<bool> has_key(const std::string& key) = 0;
  virtual Result<std::vector<Host>> hosts() = 0;  ///< by name, then id
  virtual Result<std::vector<Host>> hosts_after(const HostPlace& place, std::size_t most) = 0;

  virtual Status add_report(const HostReport& report) = 0;
  virtual Result<std::optional<HostReport>> last_report(const std::string& host) = 0;
  /// That came from `from` until `until`, as far as they are kept; the earliest first.
  virtual Result<std::vector<HostReport>> reports(const std::string& host, Time from, Time until) = 0;

  virtual Status put_person(const Person& person) = 0;
  virtual Result<std::optional<Person>> person(const std::string& name) = 0;
  /// Whose first token it is.
  virtual Result<std::optional<Person>> person_of(const std::string& digest) = 0;

  /// Tokens past their end are forgotten with each new one.
  virtual Status add_access_token(const AccessToken& token, Time now) = 0;
  virtual Result<std::optional<AccessToken>> access_token(const std::string& digest) = 0;
  virtual Status forget_access_tokens(const std::string& person) = 0;

  /// The last ten thousand are remembered: anybody can fail with any name.
  virtual Status put_login_failures(const LoginFailures& failures) = 0;
  virtual Result<std::optional<LoginFailures>> login_failures(const std::string& name) = 0;
  virtual Status forget_login_failures(const std::string& name) = 0;

  virtual Status put_rollout(const Rollout& rollout) = 0;  ///< new, or changed
  virtual Result<std::vector<Rollout>> rollouts() = 0;     ///< in the order of their creation

  /// A level that was recalled, and why.
  virtual Status put_recall(rollout::Level level, const std::string& why) = 0;
  virtual Result<std::optional<std::string>> recalled(rollout::Level level) = 0;
  virtual Result<std::vector<rollout::Level>> recalls() = 0;  ///< ascending

  virtual Status add_policy(const PolicyVersion& policy) = 0;
  virtual Result<std::vector<PolicyVersion>> policies() = 0;  ///< the oldest first

  virtual Status add_seen_level(const SeenLevel& level) = 0;  ///< keeps the time of one that is known
  virtual Result<std::vector<SeenLevel>> seen_levels() = 0;

  virtual Status add_assignment(const AssignmentRecord& assignment) = 0;
  virtual Result<std::optional<AssignmentRecord>> last_assignment(const std::string& host) = 0;
  virtual Result<std::optional<AssignmentRecord>> assignment(const std::string& host, std::int64_t sequence) = 0;

  virtual Status add_audit(const AuditEntry& entry) = 0;
  virtual Result<std::optional<AuditEntry>> last_audit() = 0;
  /// At most `most`, of one rollout or of everything if `rollout` is empty.
  virtual Result<std::vector<AuditEntry>> audit_after(std::int64_t sequence, const std::string& rollout,
                                                      std::size_t most) = 0;

  /// Forgets what was kept before `since`.
  virtual Status keep_answer(const KeptAnswer& answer, Time since) = 0;
  virtual Result<std::optional<KeptAnswer>> kept_answer(const std::string& person, const std::string& key,
                                                        Time since) = 0;

  virtual Status add_webhook(const Webhook& webhook) = 0;
  virtual Result<std::vector<Webhook>> webhooks() = 0;  ///< in the order of their ids
  /// What has become of the last delivery. Of one that was removed meanwhile nothing is written.
  virtual Status note_delivery(const Webhook& webhook) = 0;
  virtual Result<bool> remove_webhook(const std::string& id) = 0;  ///< whether it was there
};

}  // namespace suture::server
