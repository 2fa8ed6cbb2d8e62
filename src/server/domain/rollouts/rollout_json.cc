// A false alarm about an optional member of what Boost.JSON's result holds: GCC bug 80635. It is told where the member
// is, so this comes first.
#ifndef __clang__  // which does not know it
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "server/domain/rollouts/rollout_json.h"

#include "base/digest.h"
#include "base/json.h"
#include "trust/tuf/canonical_json.h"

// Durations and times as seconds.
namespace boost::json {

inline void tag_invoke(const value_from_tag&, value& to, const suture::rollout::Seconds& seconds) {
  to = std::int64_t{seconds.count()};
}
inline result<suture::rollout::Seconds> tag_invoke(const try_value_to_tag<suture::rollout::Seconds>&,
                                                   const value& from) {
  const auto* number = from.if_int64();
  if (number == nullptr) return error::not_number;
  return suture::rollout::Seconds(*number);
}
inline void tag_invoke(const value_from_tag&, value& to, const suture::rollout::Time& time) {
  to = std::int64_t{time.time_since_epoch().count()};
}
inline result<suture::rollout::Time> tag_invoke(const try_value_to_tag<suture::rollout::Time>&, const value& from) {
  const auto* number = from.if_int64();
  if (number == nullptr) return error::not_number;
  return suture::rollout::Time(suture::rollout::Seconds(*number));
}

}  // namespace boost::json

namespace suture::rollout {
BOOST_DESCRIBE_ENUM(Way, replace, disable_and_load, reboot)
BOOST_DESCRIBE_ENUM(Phase, running, paused, frozen, stopped, finished, taken_back)
BOOST_DESCRIBE_ENUM(HostPhase, waiting, told, applied, failed, told_back, back, left)
BOOST_DESCRIBE_STRUCT(Host, (), (id, before, ways_back))
BOOST_DESCRIBE_STRUCT(Gate, (), (soak, success_percent, silent_percent, failed_hosts, loaded_percent, checks, by_hand))
BOOST_DESCRIBE_STRUCT(Ring, (), (name, hosts, at_once, pause, gate))
BOOST_DESCRIBE_STRUCT(ComparedReading, (), (name, tolerated))
BOOST_DESCRIBE_STRUCT(Comparison, (), (readings, fewest, false_alarm, not_applicable_passes))
BOOST_DESCRIBE_STRUCT(LevelName, (), (level, name))
BOOST_DESCRIBE_STRUCT(Plan, (),
                      (level, names, rings, holdback, comparison, poll, transition, silence, back_at_once,
                       back_failed_hosts, may_reboot, drill))
BOOST_DESCRIBE_STRUCT(HostState, (), (phase, order, since, treated, reboots, harmed, note))
BOOST_DESCRIBE_STRUCT(RingState, (), (begun, last_told, last_applied, passed, comparison))
BOOST_DESCRIBE_STRUCT(State, (), (phase, reason, orders, rings, hosts, drill_begun, drill_took))
}  // namespace suture::rollout

namespace suture::trust {
BOOST_DESCRIBE_STRUCT(AssignedLevel, (), (build_id, level, sha256))
BOOST_DESCRIBE_STRUCT(AssignedAgent, (), (release, version, sha256))
}  // namespace suture::trust

namespace suture::server {

BOOST_DESCRIBE_STRUCT(Approval, (), (by, document))
BOOST_DESCRIBE_STRUCT(Rollout, (),
                      (id, name, author, created, digest, plan, state, targets, agent, agents, build_ids,
                       approvals_needed, approvals, checks, passed_by_hand, policy, policy_rules, approval_rules,
                       takes_back, emergency, broken_glass))

std::string to_text(const Rollout& rollout) { return boost::json::serialize(boost::json::value_from(rollout)); }
Result<Rollout> read_rollout(std::string_view text) { return json::from_text<Rollout>(text, "a stored rollout"); }
std::string version_of(const Rollout& rollout) { return sha256_hex(as_bytes(to_text(rollout))); }

std::string to_text(const Labels& labels) { return boost::json::serialize(boost::json::value_from(labels)); }
Result<Labels> read_labels(std::string_view text) { return json::from_text<Labels>(text, "stored labels"); }

std::string plan_digest(const Rollout& rollout) {
  const boost::json::value fixed{{"id", rollout.id},
                                 {"name", rollout.name},
                                 {"author", rollout.author},
                                 {"plan", boost::json::value_from(rollout.plan)},
                                 {"targets", boost::json::value_from(rollout.targets)},
                                 {"agent", rollout.agent},
                                 {"agents", boost::json::value_from(rollout.agents)},
                                 {"build_ids", boost::json::value_from(rollout.build_ids)},
                                 {"checks", boost::json::value_from(rollout.checks)},
                                 {"approvals_needed", rollout.approvals_needed},
                                 {"policy", rollout.policy},
                                 {"policy_rules", boost::json::value_from(rollout.policy_rules)},
                                 {"approval_rules", boost::json::value_from(rollout.approval_rules)},
                                 {"takes_back", rollout.takes_back},
                                 {"emergency", rollout.emergency}};
  return sha256_hex(as_bytes(trust::tuf::canonical_json(fixed)));
}

}  // namespace suture::server
