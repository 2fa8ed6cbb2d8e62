#include "agent_cli/serve.h"

#include "agent/core/reboot.h"
#include "agent/levels/level_plan.h"
#include "agent_cli/carry_out.h"
#include "agent_cli/floor.h"
#include "agent_cli/offer.h"
#include "agent_cli/outcome.h"
#include "agent_cli/serve_agent.h"
#include "agent_cli/standing.h"

namespace suture::agent_cli {
namespace {

agent::Duty refused(agent::Duty duty, std::string why) {
  duty.outcome = "refused";
  duty.reason = std::move(why);
  return duty;
}

/// In the words of a report.
std::string verdict_of(const agent::Outcome& outcome) {
  if (outcome.end == agent::State::committed) return "well";
  if (outcome.code == "worse") return "worse";
  return outcome.code == "undecided" ? "unknown" : "none";
}

/// With the tasks that kept a transition from ending: who reads it cannot look at the host.
std::string tell_reason(const agent::Outcome& outcome) {
  constexpr std::size_t most = 5;
  auto text = outcome.reason;
  for (std::size_t i = 0; i < std::min(most, outcome.blocking.size()); ++i)
    text += fmt::format("{} process {} ({})", i == 0 ? "; kept by" : ",", outcome.blocking[i].pid,
                        outcome.blocking[i].name);
  if (outcome.blocking.size() > most) text += fmt::format(" and {} more", outcome.blocking.size() - most);
  return text;
}

agent::Duty apply(Site& site, Work& work, const trust::AssignedLevel& target, agent::Duty duty) {
  if (target.build_id != site.kernel_build_id())
    return refused(std::move(duty),
                   fmt::format("this kernel's build-id is {}, not {}", site.kernel_build_id(), target.build_id));
  const auto carried = [&]() -> Result<std::optional<CarriedOut>> {
    auto visit = TRY(Visit::begin(site, ""));
    const auto digest = visit.digest(target.level);
    if (digest != target.sha256) {
      duty =
          refused(std::move(duty),
                  digest ? fmt::format("level {} is {} in the repository, not {}", target.level, *digest, target.sha256)
                         : fmt::format("the repository has no level {} for this kernel", target.level));
      return std::nullopt;
    }
    const auto history = TRY(work.history());
    const auto now = agent::level_in_force(history, site.kernel_build_id());
    if (now && now->level > target.level) {
      duty =
          refused(std::move(duty), fmt::format("level {} is in force; going back is another assignment", now->level));
      return std::nullopt;
    }
    const auto offer = TRY(visit.plan(history, target.level, work.new_plan_id()));
    if (!offer.plan) return CarriedOut{.outcome = {agent::State::committed, "", offer.nothing, {}}, .findings = {}};
    auto result = TRY(carry_out(site, work, *offer.plan));
    static_cast<void>(log_outcome(offer.plan->subject, result.outcome));
    return result;
  }();
  if (!carried) return refused(std::move(duty), carried.error().describe());
  if (!*carried) return duty;
  const auto& outcome = (*carried)->outcome;
  duty.outcome = outcome.end == agent::State::committed ? "done"
                 : outcome.end == agent::State::refused ? "refused"
                                                        : "failed";
  duty.reason = tell_reason(outcome);
  for (const auto& each : (*carried)->findings)
    if (each.refuses) duty.reason += fmt::format("; {}: {}", each.code, each.text);
  duty.verdict = verdict_of(outcome);
  return duty;
}

/// Takes back plans of levels until `level` is in force.
agent::Duty go_back(Site& site, Work& work, std::uint32_t level, agent::Duty duty) {
  const auto done = [&]() -> Status {
    while (true) {
      const auto history = TRY(work.history());
      const auto now = agent::level_in_force(history, site.kernel_build_id());
      if ((now ? now->level : 0) == level) {
        duty.outcome = "done";
        return {};
      }
      if (!now || level_below(site, history) < level) return fail("level {} is not below what is in force here", level);
      if (history.plans.back().plan.subject != agent::subject_of_level(site.kernel_release(), now->level))
        return fail("{} came after level {}, and is taken back first", history.plans.back().plan.subject, now->level);
      TRY(check_floor(site, history, level_below(site, history)));
      const auto subject = history.plans.back().plan.subject;
      const auto outcome = TRY(agent::Engine(work.world()).undo("the fleet's server told so"));
      static_cast<void>(log_outcome(subject, outcome));
      if (outcome.end == agent::State::undone) continue;
      duty.outcome = "failed";
      duty.reason = tell_reason(outcome);
      return {};
    }
  }();
  return done ? duty : refused(std::move(duty), done.error().describe());
}

/// Nothing more than what the journal says of it: the daemon reboots the host once its server has heard.
agent::Duty reboot_back(Site& site, Work& work, std::uint32_t level, agent::Duty duty) {
  if (!site.config.may_reboot)
    return refused(std::move(duty), "the configuration of this host lets no server reboot it (fleet: reboot)");
  if (const auto held = agent::kill_switches(site.root, site.config); !held.empty())
    return refused(std::move(duty), held.front().text);
  const auto announced = [&]() -> Status {
    const auto history = TRY(work.history());
    const auto stay = TRY(agent::plans_up_to(history, site.kernel_build_id(), level));
    if (stay == history.plans.size() && !is_damaged(site)) {
      duty.outcome = "done";
      return {};
    }
    TRY(check_floor(site, history, level));
    duty.outcome = "started";
    duty.reason = rebooting;
    const auto why = fmt::format("the fleet's server told so, to go back to level {}", level);
    return agent::announce_reboot(work.world(), history, stay, why);
  }();
  return announced ? duty : refused(std::move(duty), announced.error().describe());
}

}  // namespace

agent::Duty serve(Site& site, Work& work, const trust::Assignment& assignment) {
  agent::Duty duty{.sequence = assignment.sequence, .outcome = "done"};
  switch (assignment.action) {
    case trust::Action::apply:
      duty.level = assignment.target->level;
      return apply(site, work, *assignment.target, std::move(duty));
    case trust::Action::go_back:
      duty.level = assignment.target->level;
      if (assignment.target->build_id != site.kernel_build_id())
        return refused(std::move(duty), "it is for another kernel");
      return go_back(site, work, duty.level, std::move(duty));
    case trust::Action::revert:
      return go_back(site, work, 0, std::move(duty));
    case trust::Action::reboot_back:
      duty.level = assignment.target ? assignment.target->level : 0;
      if (assignment.target && assignment.target->build_id != site.kernel_build_id())
        return refused(std::move(duty), "it is for another kernel");
      return reboot_back(site, work, duty.level, std::move(duty));
    case trust::Action::agent_upgrade:
    case trust::Action::agent_back:
      return serve_agent(site, assignment, std::move(duty));
    case trust::Action::none:
      break;
  }
  return duty;
}

agent::Duty settle(Site& site, agent::Duty duty) {
  if (!duty.agent.empty()) return settle_agent(site, std::move(duty));
  const auto history = site.look();
  const auto now = history ? agent::level_in_force(*history, site.kernel_build_id()) : std::nullopt;
  const auto level = now ? now->level : 0;
  const bool rebooted = duty.reason == rebooting;
  bool is_there = history && level == duty.level;
  // By the journal alone a host that nobody booted with `suture-agent boot` would be there.
  if (is_there && rebooted && level != 0)
    is_there = history->boot && history->boot->ended && history->boot->boot == site.boot_id();
  duty.verdict = "none";
  if (!is_there) {
    duty.outcome = "failed";
    duty.reason = rebooted ? fmt::format("it came up again, and level {} was not put in force there", duty.level)
                           : std::string("the agent was ended before it was done");
    return duty;
  }
  duty.outcome = "done";
  duty.reason.clear();
  // It was judged before it was committed. How a host is after a boot is judged by nobody.
  if (duty.level != 0 && !rebooted) duty.verdict = "well";
  return duty;
}

}  // namespace suture::agent_cli
