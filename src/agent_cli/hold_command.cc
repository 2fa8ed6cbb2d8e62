// suture-agent hold, suture-agent release
#include <fmt/format.h>

#include <memory>

#include "agent_cli/commands.h"
#include "agent_cli/exit_codes.h"
#include "agent_cli/site.h"
#include "base/json.h"

namespace suture::agent_cli {
namespace {

struct HoldArguments {
  SiteOptions site;
  std::string subject, why = "held by a person";
  bool all = false, host = false;
};

fs::path hold_file(const Site& site) { return fs::path(site.config.state) / "hold"; }

void say(const std::string& what, bool json) {
  if (json)
    fmt::print("{}", json::pretty({{"done", what}}));
  else
    fmt::print("{}\n", what);
}

Result<ExitCode> hold(const HoldArguments& arguments, const Context& context) {
  const auto site = TRY(Site::open(arguments.site));
  if (arguments.subject.empty()) {
    TRY(make_directories(site->config.state));
    TRY(write_text(hold_file(*site), arguments.why + "\n"));
    say("this host is held: nothing is applied, now or at boot, until it is released", context.json);
    return ExitCode::ok;
  }
  const auto work = TRY(Work::begin(*site, context.progress));
  TRY(work->world().write(agent::EntryKind::held, "", -1, arguments.subject, arguments.why));
  say(fmt::format("{} is held", arguments.subject), context.json);
  return ExitCode::ok;
}

Result<ExitCode> release(const HoldArguments& arguments, const Context& context) {
  const auto site = TRY(Site::open(arguments.site));
  std::string released;
  if (arguments.host || arguments.all) {
    std::error_code error;
    if (fs::remove(hold_file(*site), error)) released = "this host";
    if (error) return fail("{}: cannot remove: {}", hold_file(*site).string(), error.message());
  }
  if (!arguments.subject.empty() || arguments.all) {
    const auto work = TRY(Work::begin(*site, context.progress));
    const auto history = TRY(work->history());
    if (!arguments.all && !history.holds.contains(arguments.subject)) return fail("{} is not held", arguments.subject);
    for (const auto& [subject, why] : history.holds) {
      if (!arguments.all && subject != arguments.subject) continue;
      TRY(work->world().write(agent::EntryKind::released, "", -1, subject));
      released += (released.empty() ? "" : ", ") + subject;
    }
  }
  say(released.empty() ? "nothing was held" : "released: " + released, context.json);
  return ExitCode::ok;
}

}  // namespace

void add_hold_commands(Program& program) {
  const auto held = std::make_shared<HoldArguments>();
  auto hold_command =
      program.command(program.app(), "hold", "Apply nothing more to this host, or one level or plan no more",
                      "  suture-agent hold --why 'database migration until Monday'\n"
                      "  suture-agent hold '6.1.0-53-amd64 level 3'",
                      [held](const Context& context) { return hold(*held, context); });
  hold_command.add_option("SUBJECT", held->subject, "What status calls it; the whole host if none is named");
  hold_command.add_option("--why", held->why, "Told by status").type_name("TEXT");
  add_site_options(hold_command, held->site);
  const auto released = std::make_shared<HoldArguments>();
  auto release_command = program.command(program.app(), "release", "End a hold",
                                         "  suture-agent release --host\n"
                                         "  suture-agent release '6.1.0-53-amd64 level 3'\n"
                                         "  suture-agent release --all",
                                         [released](const Context& context) { return release(*released, context); });
  auto subject = release_command.add_option("SUBJECT", released->subject, "What status calls it");
  release_command.add_flag("--host", released->host, "The hold of the whole host");
  release_command.add_flag("--all", released->all, "Every hold").excludes(subject);
  release_command.require("SUBJECT, --host or --all",
                          [released] { return !released->subject.empty() || released->all || released->host; });
  add_site_options(release_command, released->site);
}

}  // namespace suture::agent_cli
