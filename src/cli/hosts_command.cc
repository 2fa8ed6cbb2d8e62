// suture hosts
#include <fmt/format.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace suture::cli {
namespace {

std::string text_of(const boost::json::value& host, std::string_view name) {
  const auto* member = host.as_object().if_contains(name);
  return member != nullptr && member->is_string() ? plain(member->as_string()) : std::string();
}

std::string labels_of(const boost::json::value& host) {
  std::string text;
  if (const auto* labels = host.as_object().if_contains("labels"); labels != nullptr && labels->is_object())
    for (const auto& [name, value] : labels->as_object())
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", plain(name),
                          value.is_string() ? plain(value.as_string()) : "");
  return text;
}

Result<ExitCode> hosts(const Context& context) {
  auto session = TRY(Session::open());
  const auto text = TRY(session.get("/v1/hosts"));
  if (context.json) {
    fmt::print("{}", text);
    return ExitCode::success;
  }
  const auto listed = TRY(json::parse(text, "hosts"));
  if (!listed.is_array()) return fail("the server speaks another language");
  constexpr auto line = "{:<16}  {:<14}  {:<20}  {:>5}  {:<8}  {:<7}  {:<20}  {}\n";
  fmt::print(line, "HOST", "LABELS", "KERNEL", "LEVEL", "STATE", "VERDICT", "LAST REPORT", "NOTE");
  for (const auto& each : listed.as_array()) {
    if (!each.is_object()) return fail("the server speaks another language");
    const auto* level = each.as_object().if_contains("level");
    const auto held = text_of(each, "held");
    fmt::print(line, text_of(each, "hostname"), labels_of(each), text_of(each, "kernel"),
               level != nullptr && level->is_int64() ? level->as_int64() : 0, text_of(each, "state"),
               text_of(each, "verdict"), text_of(each, "last_report").empty() ? "never" : text_of(each, "last_report"),
               held.empty() ? text_of(each, "reason") : "held: " + held);
  }
  return ExitCode::success;
}

}  // namespace

void add_hosts_command(Program& program) {
  program.command(program.app(), "hosts", "List the hosts of the fleet, and what each said last",
                  "  suture hosts\n  suture hosts --json", hosts);
}

}  // namespace suture::cli
