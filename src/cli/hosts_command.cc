// suture hosts
#include <fmt/format.h>

#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace suture::cli {
namespace {

std::string labels_of(const boost::json::value& host) {
  std::string text;
  if (const auto* labels = member_of(host, "labels"); labels != nullptr && labels->is_object())
    for (const auto& [name, value] : labels->as_object())
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", plain(name),
                          value.is_string() ? plain(value.as_string()) : "");
  return text;
}

Result<ExitCode> hosts(const Context& context) {
  auto session = TRY(Session::open());
  const auto text = TRY(session.list("/v1/hosts"));
  if (context.json) {
    fmt::print("{}", text);
    return ExitCode::success;
  }
  const auto listed = TRY(json::parse(text, "hosts"));
  constexpr auto line = "{:<16}  {:<14}  {:<20}  {:>5}  {:<8}  {:<7}  {:<20}  {}\n";
  fmt::print(line, "HOST", "LABELS", "KERNEL", "LEVEL", "STATE", "VERDICT", "LAST REPORT", "NOTE");
  for (const auto& each : list_in(&listed)) {
    const auto held = text_of(each, "held");
    fmt::print(line, text_of(each, "hostname"), labels_of(each), text_of(each, "kernel"), number_of(each, "level"),
               text_of(each, "state"), text_of(each, "verdict"),
               text_of(each, "last_report").empty() ? "never" : text_of(each, "last_report"),
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
