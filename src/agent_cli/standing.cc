#include "agent_cli/standing.h"

#include <algorithm>

#include "agent/fleet/checkpoints.h"
#include "agent/levels/level_plan.h"
#include "agent/preflight/preflight.h"
#include "agent_cli/fleet_member.h"
#include "agent_cli/offer.h"
#include "host/livepatch/live_patches.h"
#include "host/module/loaded.h"
#include "host/module/taint.h"

namespace suture::agent_cli {
namespace {

void look_at_kernel(const Site& site, Standing& standing) {
  standing.kernel = site.kernel_release();
  standing.build_id = site.kernel_build_id();
  if (const auto taint = host::read_taint(site.root)) standing.taint = host::taint_letters(*taint);
  if (const auto modules = host::listed_modules(site.root)) {
    standing.tainted_by = host::tainting(*modules);
  } else {
    standing.unknown.push_back(modules.error().describe());
  }
  if (const auto patches = host::live_patches(site.root)) {
    for (const auto& each : *patches) standing.live_patches.push_back({each.name, each.enabled, each.transition});
  } else {
    standing.unknown.push_back(patches.error().describe());
  }
}

void look_at_levels(const Site& site, const agent::History& history, Standing& standing) {
  if (const auto level = agent::level_in_force(history, standing.build_id)) standing.level = level->level;
  const auto index = seen_index(site);
  if (!index) {
    standing.unknown.push_back(index.error().describe());
    return;
  }
  if (!*index || (*index)->levels.empty()) return;
  const auto& levels = (*index)->levels;
  standing.highest = levels.back().level;
  for (const auto& level : levels)
    if (level.level == standing.level)
      for (const auto& fix : level.fixes) standing.fixes.push_back({fix.id, fix.kind, fix.severity, fix.cves});
  if (standing.highest <= standing.level) return;
  for (const auto& fix : levels.back().fixes) {
    const bool has = std::any_of(standing.fixes.begin(), standing.fixes.end(),
                                 [&](const FixStanding& each) { return each.id == fix.id; });
    if (!has) standing.waiting.push_back({fix.id, fix.kind, fix.severity, fix.cves});
  }
  const auto switched_off = agent::kill_switches(site.root, site.config);
  const auto hold = history.holds.find(agent::subject_of_level(standing.kernel, standing.highest));
  if (!switched_off.empty()) {
    standing.waits_because = switched_off.front().text;
  } else if (hold != history.holds.end()) {
    standing.waits_because = "held: " + hold->second.reason;
  } else {
    standing.waits_because = site.config.automatic == agent::Automatic::nothing ? "somebody must say suture-agent apply"
                                                                                : "the daemon has not come to it yet";
  }
}

}  // namespace

bool is_damaged(const Site& site) {
  const auto taint = host::read_taint(site.root);
  return taint && (*taint & host::taint::died) != 0;
}

Result<std::string> look_at_server_audit(const Site& site) {
  const auto conflicts = TRY(agent::Checkpoints(fleet_directory(site)).conflicts());
  if (conflicts.empty()) return std::string();
  return fmt::format("{}: {}", audit_changed, conflicts.front().reason);
}

Result<Standing> look_around(Site& site) {
  const auto history = TRY(site.look());
  Standing standing;
  look_at_kernel(site, standing);
  look_at_levels(site, history, standing);
  for (const auto& each : history.plans)
    if (each.phase == agent::Phase::committed)
      (agent::is_for_another_kernel(each.plan, standing.build_id) ? standing.for_another_kernel : standing.in_force)
          .push_back(each.plan.subject);
  if (const auto* left = history.unfinished())
    standing.unfinished = fmt::format("{} is {}{}{}", left->plan.subject, name_of(left->phase),
                                      left->reason.empty() ? "" : ": ", left->reason);
  if (history.reboot) standing.unfinished = "the host is to reboot: " + history.reboot->reason;
  for (const auto& [subject, hold] : history.holds) standing.holds.push_back({subject, hold.reason});
  for (const auto& each : agent::kill_switches(site.root, site.config))
    standing.holds.push_back({"this host", each.text});
  if (history.last)
    standing.last = fmt::format("{} {}: {}", history.last->subject, history.last->what, history.last->reason);
  if (auto audit = look_at_server_audit(site))
    standing.server_audit = std::move(*audit);
  else
    standing.unknown.push_back(audit.error().describe());
  const auto* left = history.unfinished();
  if (is_damaged(site) || (left != nullptr && left->phase == agent::Phase::stuck)) {
    standing.state = "critical";
  } else {
    const bool is_ok = standing.holds.empty() && standing.waiting.empty() && standing.unfinished.empty() &&
                       standing.server_audit.empty();
    standing.state = is_ok ? "ok" : "warning";
  }
  return standing;
}

ExitCode exit_code_of(const Standing& standing) {
  if (standing.state == "critical") return ExitCode::critical;
  return standing.state == "ok" ? ExitCode::ok : ExitCode::warning;
}

std::string metrics_text(const Standing& standing, std::int64_t now) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view help, std::int64_t value) {
    text += fmt::format("# HELP suture_{0} {1}\n# TYPE suture_{0} gauge\nsuture_{0} {2}\n", name, help, value);
  };
  const auto transitions = std::count_if(standing.live_patches.begin(), standing.live_patches.end(),
                                         [](const PatchStanding& each) { return each.transition; });
  text += fmt::format(
      "# HELP suture_info The running kernel.\n# TYPE suture_info gauge\n"
      "suture_info{{kernel=\"{}\",build_id=\"{}\"}} 1\n",
      standing.kernel, standing.build_id);
  add("state", "0 ok, 1 warning, 2 critical.", static_cast<int>(exit_code_of(standing)));
  add("level", "Level in force for the running kernel, 0 for none.", standing.level);
  add("level_available", "Highest level in the repository when it was asked last.", standing.highest);
  add("fixes_in_force", "Fixes of the level in force.", static_cast<std::int64_t>(standing.fixes.size()));
  add("fixes_waiting", "Fixes that wait.", static_cast<std::int64_t>(standing.waiting.size()));
  add("holds", "What is held.", static_cast<std::int64_t>(standing.holds.size()));
  add("unfinished", "1 while a plan is neither in force nor over.", standing.unfinished.empty() ? 0 : 1);
  add("transitions", "Live patches in transition.", transitions);
  add("last_look_timestamp_seconds", "When these figures were taken.", now);
  return text;
}

}  // namespace suture::agent_cli
