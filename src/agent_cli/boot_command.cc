// suture-agent boot
#include <fmt/format.h>

#include <memory>

#include "agent/core/boot.h"
#include "agent/preflight/preflight.h"
#include "agent_cli/commands.h"
#include "agent_cli/exit_codes.h"
#include "agent_cli/outcome.h"
#include "agent_cli/site.h"
#include "base/json.h"
#include "host/system/crash.h"

namespace suture::agent_cli {
namespace {

struct HeldView {
  std::string subject{}, reason{};
};
BOOST_DESCRIBE_STRUCT(HeldView, (), (subject, reason))

struct BootView {
  bool was_done = false;
  std::vector<std::string> applied{};
  std::vector<HeldView> held{};
  std::vector<std::string> problems{};
};
BOOST_DESCRIBE_STRUCT(BootView, (), (was_done, applied, held, problems))

// Names of what is in force, as a crash would give them; and each that one did name.
Result<std::vector<std::string>> evidence(Site& site, const agent::History& history) {
  host::Suspects suspects;
  std::int64_t since = 0;
  for (const auto& record : history.plans) {
    since = since == 0 ? record.began : std::min(since, record.began);
    for (const auto& spec : record.plan.steps) {
      const auto step = TRY(site.step_maker()(spec));
      auto names = step->symbols();
      suspects.functions.insert(suspects.functions.end(), names.begin(), names.end());
      if (const auto to = spec.parameters.find("to"); to != spec.parameters.end())
        suspects.modules.push_back(to->second);
    }
  }
  std::vector<std::string> named;
  const auto search = host::search_crashes(site.root, suspects, host::WallTime(std::chrono::seconds(since)));
  for (const auto& each : search.found) {
    named.insert(named.end(), each.functions.begin(), each.functions.end());
    named.insert(named.end(), each.modules.begin(), each.modules.end());
  }
  return named;
}

Result<ExitCode> boot(const SiteOptions& options, const Context& context) {
  const auto site = TRY(Site::open(options));
  const auto switched_off = agent::kill_switches(site->root, site->config);
  const auto work = TRY(Work::begin(*site, context.progress));
  TRY(work->recover());
  if (!switched_off.empty()) {
    print_outcome("boot", {agent::State::refused, switched_off.front().code, "nothing was applied", {}}, switched_off,
                  context.json);
    return ExitCode::warning;
  }
  const auto history = TRY(work->history());
  const auto crashes = TRY(evidence(*site, history));
  const auto report = TRY(agent::apply_at_boot(work->world(), crashes));
  context.progress.stage("");
  BootView view{report.was_done, report.applied, {}, report.problems};
  for (const auto& each : report.held) view.held.push_back({each.subject, each.reason});
  if (context.json) {
    fmt::print("{}", json::to_text(view));
  } else {
    if (view.was_done) fmt::print("this boot has what is committed already\n");
    for (const auto& each : view.applied) fmt::print("in force: {}\n", each);
    for (const auto& each : view.held) fmt::print("held: {}: {}\n", each.subject, each.reason);
    for (const auto& each : view.problems) fmt::print("problem: {}\n", each);
  }
  if (!report.problems.empty()) return ExitCode::critical;
  return report.held.empty() ? ExitCode::ok : ExitCode::warning;
}

}  // namespace

void add_boot_command(Program& program) {
  const auto options = std::make_shared<SiteOptions>();
  auto command =
      program.command(program.app(), "boot", "Apply again what is committed for the running kernel, early in a boot",
                      "  suture-agent boot", [options](const Context& context) { return boot(*options, context); });
  add_site_options(command, *options);
}

}  // namespace suture::agent_cli
