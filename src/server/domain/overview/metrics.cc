#include "server/domain/overview/metrics.h"

#include "server/domain/hosts/host_list.h"
#include "server/domain/hosts/report_view.h"
#include "server/domain/overview/drills.h"
#include "server/domain/overview/matrix.h"

namespace suture::server {
namespace {

class Text {
 public:
  void head(std::string_view name, std::string_view help) {
    text_ += fmt::format("# HELP suture_server_{0} {1}\n# TYPE suture_server_{0} gauge\n", name, help);
  }
  void value(std::string_view name, std::string_view labels, std::int64_t value) {
    text_ += fmt::format("suture_server_{}{} {}\n", name, labels.empty() ? "" : fmt::format("{{{}}}", labels), value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

Outcome<std::string> write_metrics(Store& store, Catalogue& catalogue, Policies& policies, Rollouts& rollouts,
                                   Time now) {
  std::int64_t held = 0, silent = 0;
  std::map<std::string, std::int64_t> states, levels, agents, phases;
  const auto hosts = TRY(store.hosts());
  for (const auto& host : hosts) {
    if (!host.held.empty()) ++held;
    const auto last = TRY(store.last_report(host.id));
    if (!last || now - last->at > silent_after) ++silent;
    if (!last) continue;
    const auto seen = TRY(view(*last));
    ++states[seen.state];
    ++levels[std::to_string(seen.report.level)];
    ++agents[seen.agent];
  }
  for (const auto& each : TRY(rollouts.all())) ++phases[std::string(name_of(each.state.phase))];
  Text text;
  text.head("hosts", "Hosts that are enrolled.");
  text.value("hosts", "", static_cast<std::int64_t>(hosts.size()));
  text.head("hosts_held", "Hosts whose reports are not believed.");
  text.value("hosts_held", "", held);
  text.head("hosts_silent", "Hosts that did not report for five minutes, or never.");
  text.value("hosts_silent", "", silent);
  text.head("hosts_in_state", "Hosts by the state that they reported last.");
  for (const auto& [state, count] : states) text.value("hosts_in_state", fmt::format("state=\"{}\"", state), count);
  text.head("hosts_at_level", "Hosts by the level that they run.");
  for (const auto& [level, count] : levels) text.value("hosts_at_level", fmt::format("level=\"{}\"", level), count);
  text.head("hosts_with_agent", "Hosts by the version of their agent; empty if they did not say.");
  for (const auto& [version, count] : agents)
    text.value("hosts_with_agent", fmt::format("version=\"{}\"", version), count);
  text.head("rollouts", "Rollouts by phase.");
  for (const auto& [phase, count] : phases) text.value("rollouts", fmt::format("phase=\"{}\"", phase), count);
  text.head("overdue_fixes", "Hosts without a fix whose deadline is over, for each such fix.");
  for (const auto& [severity, count] : TRY(overdue_hosts(store, catalogue, policies, now)))
    text.value("overdue_fixes", fmt::format("severity=\"{}\"", severity), count);
  const auto drills = TRY(drill_standing(policies, rollouts, now));
  text.head("drill_overdue", "1 if the policy wants a drill that nobody has kept in time.");
  text.value("drill_overdue", "", drills.overdue ? 1 : 0);
  const auto last = TRY(store.last_audit());
  text.head("audit_entries", "Entries of the audit.");
  text.value("audit_entries", "", last ? last->sequence : 0);
  const auto webhooks = TRY(store.webhooks());
  text.head("webhook_behind", "Entries of the audit that a webhook has not been told.");
  for (const auto& each : webhooks)
    text.value("webhook_behind", fmt::format("webhook=\"{}\"", each.id), (last ? last->sequence : 0) - each.told);
  text.head("webhook_failures", "Deliveries that a webhook did not take, since the last that it did.");
  for (const auto& each : webhooks)
    text.value("webhook_failures", fmt::format("webhook=\"{}\"", each.id), each.failures);
  text.head("webhook_last_failure_seconds", "When a webhook did not take a delivery, since 1970; 0 is never.");
  for (const auto& each : webhooks)
    text.value("webhook_last_failure_seconds", fmt::format("webhook=\"{}\"", each.id),
               each.failed.time_since_epoch().count());
  return text.take();
}

}  // namespace suture::server
