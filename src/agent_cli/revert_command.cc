// suture-agent revert
#include <fmt/format.h>

#include <memory>

#include "agent_cli/commands.h"
#include "agent_cli/floor.h"
#include "agent_cli/outcome.h"

namespace suture::agent_cli {
namespace {

struct RevertArguments {
  SiteOptions site;
  bool all = false;
};

Result<ExitCode> revert(const RevertArguments& arguments, const Context& context) {
  const auto site = TRY(Site::open(arguments.site));
  const auto work = TRY(Work::begin(*site, context.progress));
  const auto recovered = TRY(work->recover());
  std::vector<Ended> all;
  auto worst = ExitCode::ok;
  while (worst == ExitCode::ok && (arguments.all || all.empty())) {
    const auto history = TRY(work->history());
    if (history.plans.empty()) break;
    // What was taken back before this one was: it is told of, though the next one may not go.
    if (auto above = check_floor(*site, history, level_below(*site, history)); !above) {
      if (all.empty()) return fail(std::move(above).error());
      all.push_back(
          {history.plans.back().plan.subject, {agent::State::refused, "below-floor", above.error().describe(), {}}});
      worst = ExitCode::warning;
      break;
    }
    auto outcome = TRY(agent::Engine(work->world()).undo("asked for by a person"));
    // To be as was asked for is no warning here.
    if (outcome.end != agent::State::undone) worst = exit_code_of(outcome.end);
    static_cast<void>(log_outcome(history.plans.back().plan.subject, outcome));
    all.push_back({history.plans.back().plan.subject, std::move(outcome)});
  }
  context.progress.stage("");
  if (all.empty() && recovered && recovered->end == agent::State::undone)
    all.push_back({"what an earlier agent had left", *recovered});
  if (all.empty()) return fail("nothing is in force");
  print_outcomes(all, context.json);
  return worst;
}

}  // namespace

void add_revert_command(Program& program) {
  const auto arguments = std::make_shared<RevertArguments>();
  auto command =
      program.command(program.app(), "revert", "Take back the last plan that is in force, and watch that it goes",
                      "  suture-agent revert\n"
                      "  suture-agent revert --all",
                      [arguments](const Context& context) { return revert(*arguments, context); });
  command.add_flag("--all", arguments->all, "Take back all, one after the other");
  add_site_options(command, arguments->site);
}

}  // namespace suture::agent_cli
