// suture-agent status
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "agent_cli/commands.h"
#include "agent_cli/standing.h"
#include "base/json.h"

namespace suture::agent_cli {
namespace {

void print_fixes(std::string_view title, const std::vector<FixStanding>& fixes) {
  if (fixes.empty()) return;
  fmt::print("{}\n", title);
  for (const auto& each : fixes)
    fmt::print("  {:<28} {:<9} {:<9} {}\n", each.id, each.kind, each.severity, fmt::join(each.cves, " "));
}

void print(const Standing& standing) {
  fmt::print("{}: {}\n", standing.state, standing.kernel);
  fmt::print("  build-id     {}\n", standing.build_id.empty() ? "unknown" : standing.build_id);
  fmt::print("  level        {}{}\n", standing.level == 0 ? "none" : std::to_string(standing.level),
             standing.highest > standing.level ? fmt::format(" of {}", standing.highest) : "");
  for (const auto& each : standing.live_patches)
    fmt::print("  live patch   {}: {}{}\n", each.name, each.enabled ? "enabled" : "disabled",
               each.transition ? ", in transition" : "");
  for (const auto& each : standing.in_force) fmt::print("  in force     {}\n", each);
  for (const auto& each : standing.for_another_kernel) fmt::print("  committed    {}, for another kernel\n", each);
  if (!standing.unfinished.empty()) fmt::print("  unfinished   {}\n", standing.unfinished);
  for (const auto& each : standing.holds) fmt::print("  held         {}: {}\n", each.subject, each.reason);
  if (!standing.taint.empty())
    fmt::print("  tainted      {}{}\n", standing.taint,
               standing.tainted_by.empty() ? "" : fmt::format(" by {}", fmt::join(standing.tainted_by, ", ")));
  if (!standing.last.empty()) fmt::print("  last         {}\n", standing.last);
  if (!standing.server_audit.empty()) fmt::print("  fleet        {}\n", standing.server_audit);
  for (const auto& each : standing.unknown) fmt::print("  unknown      {}\n", each);
  print_fixes("fixes in force", standing.fixes);
  print_fixes(fmt::format("fixes that wait: {}", standing.waits_because), standing.waiting);
}

Result<ExitCode> status(const SiteOptions& options, const Context& context) {
  const auto site = TRY(Site::open(options));
  const auto standing = TRY(look_around(*site));
  if (context.json)
    fmt::print("{}", json::to_text(standing));
  else
    print(standing);
  return exit_code_of(standing);
}

}  // namespace

void add_status_command(Program& program) {
  const auto options = std::make_shared<SiteOptions>();
  auto command = program.command(program.app(), "status", "How this host stands, on one screen",
                                 "  suture-agent status\n"
                                 "  suture-agent status --json | jq .waiting",
                                 [options](const Context& context) { return status(*options, context); });
  add_site_options(command, *options);
}

}  // namespace suture::agent_cli
