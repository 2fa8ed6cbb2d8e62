// From what was asked for to a rollout that can begin: which hosts it has, from which level (or agent) each comes, and
// by which proven way it could go back.
#pragma once

#include <string>
#include <vector>

#include "server/domain/catalogue/catalogue.h"
#include "server/domain/outcome.h"
#include "server/domain/policy/judge.h"
#include "server/domain/rollouts/rollout_request.h"
#include "server/domain/store.h"

namespace suture::server {

/// A host that a ring asked for, and that is not part of the rollout.
struct LeftOut {
  std::string host, ring, reason;
};

/// A host as a member of a ring, or why it cannot be one.
struct TakenIn {
  std::optional<rollout::Host> member{};
  std::string why_not{};
  PolicySubject subject{};  ///< of a member
  bool has_evidence = false;
};
/// What the host may be told is added to the rollout; the ring is the caller's to choose.
Result<TakenIn> take_in(Store& store, const Offers& offers, const std::map<std::string, std::string>& busy,
                        const Host& host, Rollout& rollout);

struct MadeRollout {
  Rollout rollout{};
  std::vector<LeftOut> left_out{};
  std::vector<PolicySubject> subjects{};  ///< every member
  bool all_have_evidence = true;
};

/// Membership is fixed here. A host is in the first ring that asks for it. `busy` are hosts of other rollouts that are
/// not over: each host has one at a time.
Outcome<MadeRollout> make_rollout(Store& store, const Offers& offers, const RolloutRequest& request,
                                  const std::map<std::string, std::string>& busy);

}  // namespace suture::server
