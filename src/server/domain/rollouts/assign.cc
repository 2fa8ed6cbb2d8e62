#include "server/domain/rollouts/assign.h"

#include <algorithm>

#include "server/domain/random.h"
#include "server/domain/rollouts/agent_releases.h"

namespace suture::server {
namespace {

Result<trust::AssignedLevel> target_of(const Rollout& rollout, const std::string& host, rollout::Level level) {
  const auto kernel = rollout.build_ids.find(host);
  const auto found = std::ranges::find_if(rollout.targets, [&](const trust::AssignedLevel& each) {
    return kernel != rollout.build_ids.end() && each.build_id == kernel->second && each.level == level;
  });
  if (found == rollout.targets.end()) return fail("rollout {} has no level {} for host {}", rollout.id, level, host);
  return *found;
}

/// `goes_up`: the rollout's own level is above the one that its hosts run.
trust::Action action_of(const rollout::Order& order, bool goes_up) {
  if (order.direction == rollout::Direction::reboot_back) return trust::Action::reboot_back;
  if (order.direction == rollout::Direction::go && goes_up) return trust::Action::apply;
  return order.level == 0 ? trust::Action::revert : trust::Action::go_back;
}

/// What is to be done, and with what.
Status aim(const Rollout& rollout, const rollout::Order& order, trust::Assignment& made) {
  if (is_of_agent(rollout)) {
    const bool goes = order.direction == rollout::Direction::go;
    made.action = goes ? trust::Action::agent_upgrade : trust::Action::agent_back;
    made.agent = TRY(release_of(rollout, order.level));
    return {};
  }
  made.action = action_of(order, rollout.takes_back == 0);
  if (order.level != 0) made.target = TRY(target_of(rollout, order.host, order.level));
  return {};
}

}  // namespace

Result<AssignmentRecord> assign(const std::string& host, std::int64_t sequence, const Rollout& rollout,
                                const std::optional<rollout::Order>& order, const trust::ed25519::PrivateKey& key,
                                Time now) {
  trust::Assignment made{.host = host,
                         .sequence = sequence,
                         .nonce = TRY(random_hex(16)),
                         .plan = rollout.digest,
                         .not_after = now + assignment_time};
  if (order) TRY(aim(rollout, *order, made));
  auto document = TRY(trust::sign_assignment(made, key));
  return AssignmentRecord{.host = host,
                          .sequence = sequence,
                          .rollout = rollout.id,
                          .order = order ? order->number : 0,
                          .level = order ? order->level : 0,
                          .agent = made.agent ? made.agent->version : "",
                          .not_after = made.not_after,
                          .document = std::move(document)};
}

}  // namespace suture::server
