// Rollouts, from their creation to their end: what people do to them, what the engine decides, and what each host is
// told. Every decision is on disk before anybody hears of it; a server that is killed goes on where it was.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/people/people.h"
#include "server/domain/policy/policies.h"
#include "server/domain/rollouts/make_rollout.h"
#include "server/domain/rollouts/observe.h"
#include "server/domain/rollouts/rollout_acts.h"
#include "server/domain/rollouts/rollout_view.h"
#include "server/domain/store.h"
#include "trust/ed25519.h"

namespace suture::server {

/// Some of all, and after which one the next begin; empty after the last.
struct RolloutList {
  std::string json, next;
};

class Rollouts {
 public:
  Rollouts(Store& store, Catalogue& catalogue, Policies& policies, CheckAnswers& answers,
           const trust::ed25519::PrivateKey& assignment_key)
      : store_(&store), catalogue_(&catalogue), policies_(&policies), answers_(&answers), key_(&assignment_key) {}

  /// Bodies and answers are as api/openapi.yaml has them. What needs the catalogue is "not yet" until that has been
  /// looked through after `asked`.
  Outcome<std::string> create(const Person& person, std::string_view body, Time now, Instant asked);
  /// What create() would make; nothing is kept.
  Outcome<std::string> try_out(const Person& person, std::string_view body, Time now, Instant asked);
  Outcome<RolloutList> list(const std::string& after, std::size_t most);
  Outcome<ShownRollout> show(const std::string& id, Time now);
  /// As ShownRollout has it.
  Outcome<std::string> version(const std::string& id);
  /// "pause", "resume", "abort", "retry", "leave", "go-on", "pass", "join" or "break-glass".
  Outcome<ShownRollout> act(const Person& person, const std::string& id, std::string_view verb, std::string_view body,
                            Time now, Instant asked);
  /// No host is told to go to this level any more, in any rollout, old or new. What runs it goes on running it: taking
  /// it back, or going to a level without it, is a rollout of its own.
  Done recall(const Person& person, std::string_view body, Time now);
  Outcome<ShownRollout> approve(const Person& person, const std::string& id, std::string_view document, Time now);

  Result<std::vector<Rollout>> all();
  /// What was kept in a transaction that came to nothing is forgotten: read again what is stored.
  void reload() {
    loaded_ = false;
    comparisons_ = {};
  }
  /// Lets the engine look at every rollout that is not over. Whether anything was decided.
  Outcome<bool> tick(Time now);

  /// The signed assignment for a host, if there is one whose sequence is above `after`.
  Outcome<std::optional<std::string>> assignment(const Host& host, std::int64_t after, Time now);

 private:
  /// Hosts of rollouts that are not over, and of which.
  std::map<std::string, std::string> busy() const;
  Outcome<std::string> join(const ActRequest& request, const std::string& who, Rollout& rollout, Time now,
                            Instant asked);
  struct Made {
    MadeRollout made{};
    std::vector<std::string> raised{};  ///< by the policy
  };
  Outcome<Made> make(const Person& person, std::string_view body, Time now, Instant asked);
  /// What the repository has, seen after `asked`.
  Outcome<std::shared_ptr<const Offers>> offers(Instant asked);
  Sources sources() { return {*store_, *answers_, comparisons_, *policies_}; }
  Status load();
  Outcome<Rollout> find(const std::string& id);
  /// On disk, with what the audit says of it; then in memory.
  Done keep(Rollout rollout, const std::vector<AuditEntry>& entries);

  Store* store_;
  Catalogue* catalogue_;
  Policies* policies_;
  CheckAnswers* answers_;
  Comparisons comparisons_{};
  const trust::ed25519::PrivateKey* key_;
  bool loaded_ = false;
  std::vector<Rollout> all_{};  ///< as they are stored, in the order of their creation
};

}  // namespace suture::server
