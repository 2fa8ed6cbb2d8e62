// suture-agent inventory, doctor, log
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <memory>

#include "agent/fleet/checkpoints.h"
#include "agent/preflight/preflight.h"
#include "agent/steps/blocking.h"
#include "agent_cli/commands.h"
#include "agent_cli/fleet_member.h"
#include "agent_cli/outcome.h"
#include "agent_cli/site.h"
#include "agent_cli/standing.h"
#include "base/json.h"
#include "host/inventory/inventory.h"
#include "host/livepatch/live_patches.h"

namespace suture::agent_cli {
namespace {

struct EntryView {
  std::int64_t time = 0;
  std::string what{}, plan{};
  std::int64_t step = -1;
  std::string value{}, text{};
};
BOOST_DESCRIBE_STRUCT(EntryView, (), (time, what, plan, step, value, text))

struct LogArguments {
  SiteOptions site;
  bool checkpoints = false;
};

// As they were signed, one a line: what `suture audit verify --checkpoint` reads.
Result<ExitCode> print_checkpoints(const Site& site, const Context& context) {
  boost::json::array all;
  for (const auto& document : TRY(agent::Checkpoints(fleet_directory(site)).documents()))
    all.push_back(TRY(json::parse(document, "checkpoint")));
  if (context.json)
    fmt::print("{}", json::pretty(all));
  else
    for (const auto& each : all) fmt::print("{}\n", boost::json::serialize(each));
  return ExitCode::ok;
}

// What an entry says beyond its kind and plan. An intent holds the whole plan and readings: a person is told its
// subject.
std::string content_of(const agent::Entry& entry) {
  if (entry.kind == agent::EntryKind::intent) {
    const auto plan = agent::read_plan(entry.text, "the plan");
    return plan ? ": " + plan->subject : std::string();
  }
  return (entry.value.empty() ? "" : " " + entry.value) + (entry.text.empty() ? "" : ": " + entry.text);
}

Result<ExitCode> log(const LogArguments& arguments, const Context& context) {
  const auto site = TRY(Site::open(arguments.site));
  if (arguments.checkpoints) return print_checkpoints(*site, context);
  const auto entries = TRY(site->entries());
  if (context.json) {
    std::vector<EntryView> views;
    for (const auto& each : entries)
      views.push_back({each.time, std::string(name_of(each.kind)), each.plan, each.step, each.value, each.text});
    fmt::print("{}", json::to_text(views));
    return ExitCode::ok;
  }
  for (const auto& each : entries)
    fmt::print("{:%Y-%m-%d %H:%M:%S} {:<12} {}{}{}\n", fmt::gmtime(static_cast<std::time_t>(each.time)),
               name_of(each.kind), each.plan, each.step < 0 ? "" : fmt::format(" step {}", each.step),
               content_of(each));
  return ExitCode::ok;
}

// What would speak against any plan, and why a transition does not end.
Result<ExitCode> doctor(const SiteOptions& options, const Context& context) {
  const auto site = TRY(Site::open(options));
  auto history = site->look();
  agent::Plan any{.subject = "any", .steps = {{"livepatch", {}}}};
  const auto known = history ? *history : agent::History{};
  auto findings = agent::preflight(site->root, site->config, known, any);
  if (!history)
    findings.push_back({"journal", history.error().describe(),
                        "reboot the host, then move the journal away: what was in force is not applied again"});
  if (const auto audit = look_at_server_audit(*site); audit && !audit->empty())
    findings.push_back(
        {"server-audit", *audit,
         "suture-agent log --checkpoints has what suture audit verify finds it with; whoever restored the "
         "server knows, or it was stolen",
         false});
  agent::Outcome outcome{agent::State::committed, "", "nothing speaks against live patches on this host", {}};
  if (agent::refuses(findings)) outcome = {agent::State::refused, "findings", "see below", {}};
  if (const auto patches = host::live_patches(site->root)) {
    for (const auto& each : *patches) {
      const auto tasks = agent::tasks_that_block(site->root, each);
      outcome.blocking.insert(outcome.blocking.end(), tasks.begin(), tasks.end());
    }
  }
  if (context.json) return print_outcome("doctor", outcome, findings, true);
  fmt::print("{}\n", outcome.code.empty() ? outcome.reason : "something speaks against live patches on this host");
  print_findings(findings);
  for (const auto& task : outcome.blocking)
    fmt::print("  process {} ({}) blocks a transition\n{}\n", task.pid, task.name, task.stack);
  return exit_code_of(outcome.end);
}

Result<ExitCode> inventory(const SiteOptions& options, const Context& context) {
  const auto site = TRY(Site::open(options));
  const auto all = host::read_inventory(site->root);
  if (context.json) {
    fmt::print("{}", host::to_json(all));
    return ExitCode::ok;
  }
  const auto line = [](std::string_view name, const host::Known<std::string>& value) {
    fmt::print("{:<16} {}\n", name, value ? *value : "unknown: " + value.why());
  };
  line("kernel", all.kernel.release);
  line("version", all.kernel.version);
  line("build-id", all.kernel.build_id);
  line("command line", all.kernel.command_line);
  line("lockdown", all.kernel.lockdown);
  line("virtual machine", all.virtual_machine);
  for (const auto& each : all.tainted_by) fmt::print("{:<16} {}\n", "tainted by", each);
  if (all.live_patches)
    for (const auto& each : *all.live_patches)
      fmt::print("{:<16} {}{}\n", "live patch", each.name, each.transition ? ", in transition" : "");
  for (const auto& each : all.foreign.found) fmt::print("{:<16} {}\n", "foreign", each.evidence);
  for (const auto& each : all.settings) line(each.name, each.value);
  if (all.modules) fmt::print("{:<16} {} loaded\n", "modules", all.modules->size());
  if (all.pending_kernel && !all.pending_kernel->release.empty())
    fmt::print("{:<16} {}\n", "pending kernel", all.pending_kernel->release);
  if (all.reboot_asked_for) fmt::print("a package asked for a reboot\n");
  fmt::print("more with --json\n");
  return ExitCode::ok;
}

void add(Program& program, const char* name, const char* description, const char* examples,
         Result<ExitCode> (*work)(const SiteOptions&, const Context&)) {
  const auto options = std::make_shared<SiteOptions>();
  auto command = program.command(program.app(), name, description, examples,
                                 [options, work](const Context& context) { return work(*options, context); });
  add_site_options(command, *options);
}

}  // namespace

void add_look_commands(Program& program) {
  add(program, "inventory", "What this host is: kernel, modules, live patches, taint, settings, boot",
      "  suture-agent inventory\n  suture-agent inventory --json | jq .kernel", &inventory);
  add(program, "doctor", "What speaks against live patches on this host, and what blocks one", "  suture-agent doctor",
      &doctor);
  const auto logged = std::make_shared<LogArguments>();
  auto log_command = program.command(program.app(), "log", "What this agent did to the host, from its journal",
                                     "  suture-agent log\n"
                                     "  suture-agent log --json | jq '.[-1]'\n"
                                     "  suture-agent log --checkpoints >checkpoints.jsonl",
                                     [logged](const Context& context) { return log(*logged, context); });
  log_command.add_flag("--checkpoints", logged->checkpoints, "The checkpoints of its server's audit that it kept");
  add_site_options(log_command, logged->site);
}

}  // namespace suture::agent_cli
