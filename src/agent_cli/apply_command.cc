// suture-agent plan, suture-agent apply
#include <fmt/format.h>

#include <memory>

#include "agent_cli/carry_out.h"
#include "agent_cli/commands.h"
#include "agent_cli/offer.h"
#include "agent_cli/outcome.h"
#include "base/json.h"

namespace suture::agent_cli {
namespace {

struct ApplyArguments {
  SiteOptions site;
  std::string from, plan;
  std::uint32_t level = 0;
};

void add_options(Command command, ApplyArguments& arguments) {
  auto level = command.add_option("--level", arguments.level, "This level, not the highest").type_name("N");
  auto from = command.add_option("--from", arguments.from, "Repository to ask, not the configured one")
                  .type_name("DIRECTORY|BUNDLE|URL");
  command.add_option("--plan", arguments.plan, "A plan of the configuration, not a level")
      .type_name("NAME")
      .excludes(level)
      .excludes(from);
  add_site_options(command, arguments.site);
}

Result<Offer> make_plan(const Site& site, const ApplyArguments& arguments, const agent::History& history,
                        std::string id) {
  if (!arguments.plan.empty()) return plan_local(site, arguments.plan, std::move(id));
  const auto level = arguments.level == 0 ? std::nullopt : std::optional(arguments.level);
  auto visit = TRY(Visit::begin(site, arguments.from));
  return visit.plan(history, level, std::move(id));
}

ExitCode print_nothing(const std::string& why, bool json) {
  if (json)
    fmt::print("{}", json::pretty({{"outcome", "nothing to do"}, {"reason", why}}));
  else
    fmt::print("nothing to do: {}\n", why);
  return ExitCode::ok;
}

struct StepView {
  std::string step{}, undo{};
};
BOOST_DESCRIBE_STRUCT(StepView, (), (step, undo))

Result<ExitCode> plan(const ApplyArguments& arguments, const Context& context) {
  const auto site = TRY(Site::open(arguments.site));
  const auto history = TRY(site->look());
  const auto offer = TRY(make_plan(*site, arguments, history, "plan"));
  if (!offer.plan) return print_nothing(offer.nothing, context.json);
  const auto& plan = offer.plan;
  const auto findings = agent::preflight(site->root, site->config, history, *plan);
  std::vector<StepView> steps;
  for (const auto& spec : plan->steps) {
    const auto step = TRY(site->step_maker()(spec));
    steps.push_back({step->describe(), std::string(name_of(step->undo()))});
  }
  const bool refused = agent::refuses(findings) || history.holds.contains(plan->subject);
  if (context.json) {
    boost::json::array list;
    for (const auto& each : findings)
      list.push_back({{"code", each.code}, {"text", each.text}, {"advice", each.advice}, {"refuses", each.refuses}});
    fmt::print("{}", json::pretty({{"subject", plan->subject},
                                   {"steps", boost::json::value_from(steps)},
                                   {"held", history.holds.contains(plan->subject)},
                                   {"findings", list}}));
  } else {
    fmt::print("{}\n", plan->subject);
    for (const auto& each : steps) fmt::print("  {} (undone: {})\n", each.step, each.undo);
    print_findings(findings);
    if (const auto hold = history.holds.find(plan->subject); hold != history.holds.end())
      fmt::print("  held: {}\n", hold->second.reason);
  }
  return refused ? ExitCode::warning : ExitCode::ok;
}

Result<ExitCode> apply(const ApplyArguments& arguments, const Context& context) {
  const auto site = TRY(Site::open(arguments.site));
  const auto work = TRY(Work::begin(*site, context.progress));
  TRY(work->recover());
  const auto history = TRY(work->history());
  const auto offer = TRY(make_plan(*site, arguments, history, work->new_plan_id()));
  if (!offer.plan) return print_nothing(offer.nothing, context.json);
  const auto carried = TRY(carry_out(*site, *work, *offer.plan));
  context.progress.stage("");
  static_cast<void>(log_outcome(offer.plan->subject, carried.outcome));
  return print_outcome(offer.plan->subject, carried.outcome, carried.findings, context.json);
}

}  // namespace

void add_apply_commands(Program& program) {
  const auto planned = std::make_shared<ApplyArguments>();
  auto plan_command = program.command(program.app(), "plan", "Say what apply would do, and what speaks against it",
                                      "  suture-agent plan\n"
                                      "  suture-agent plan --plan no-unprivileged-bpf --json",
                                      [planned](const Context& context) { return plan(*planned, context); });
  add_options(plan_command, *planned);
  const auto applied = std::make_shared<ApplyArguments>();
  auto apply_command =
      program.command(program.app(), "apply",
                      "Put the highest level for this kernel in force, watch the host, and keep it or take it back",
                      "  suture-agent apply\n"
                      "  suture-agent apply --level 3 --from /media/usb/repository\n"
                      "  suture-agent apply --plan no-unprivileged-bpf --json",
                      [applied](const Context& context) { return apply(*applied, context); });
  add_options(apply_command, *applied);
}

}  // namespace suture::agent_cli
