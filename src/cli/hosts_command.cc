// suture hosts list | show | label
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/resolve.h"
#include "cli/session.h"

namespace suture::cli {
namespace {

const std::string hosts_path = "/v1/hosts";

std::string labels_of(const boost::json::value& host) {
  std::string text;
  if (const auto* labels = member_of(host, "labels"); labels != nullptr && labels->is_object())
    for (const auto& [name, value] : labels->as_object())
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", plain(name),
                          value.is_string() ? plain(value.as_string()) : "");
  return text;
}

/// What a person ought to see to, and else the host's own words.
std::string note_of(const boost::json::value& host) {
  const auto text = joined(list_of(host, "standing"));
  if (const auto held = text_of(host, "held"); !held.empty()) return text + ": " + held;
  const auto reason = text_of(host, "reason");
  return text.empty() || reason.empty() ? text + reason : text + "; " + reason;
}

Result<ExitCode> list_hosts(const Context& context) {
  auto session = TRY(Session::open());
  const auto text = TRY(session.list(hosts_path));
  if (context.json) {
    fmt::print("{}", text);
    return ExitCode::success;
  }
  const auto listed = TRY(json::parse(text, "hosts"));
  constexpr auto line = "{:<16}  {:<14}  {:<20}  {:>5}  {:<8}  {:<7}  {:<20}  {}\n";
  fmt::print(line, "HOST", "LABELS", "KERNEL", "LEVEL", "STATE", "VERDICT", "LAST REPORT", "NOTE");
  for (const auto& each : list_in(&listed))
    fmt::print(line, text_of(each, "hostname"), labels_of(each), text_of(each, "kernel"), number_of(each, "level"),
               text_of(each, "state"), text_of(each, "verdict"),
               text_of(each, "last_report").empty() ? "never" : text_of(each, "last_report"), note_of(each));
  return ExitCode::success;
}

Status print_host(const std::string& answer) {
  const auto host = TRY(json::parse(answer, "host"));
  fmt::print("{}  {}\n  labels    {}\n  agent     {}\n  kernel    {}\n  level     {}\n  last said {}\n",
             text_of(host, "hostname"), text_of(host, "host"), labels_of(host), text_of(host, "agent"),
             text_of(host, "kernel"), number_of(host, "level"),
             text_of(host, "last_report").empty() ? "nothing" : text_of(host, "last_report"));
  if (const auto note = note_of(host); !note.empty()) fmt::print("  note      {}\n", note);
  for (const auto& each : list_of(host, "history"))
    fmt::print("  {}  {}  level {}  {} {}\n", text_of(each, "at"), text_of(each, "kernel"), number_of(each, "level"),
               text_of(each, "state"), text_of(each, "verdict"));
  return {};
}

Result<ExitCode> show(const std::string& name, const Context& context) {
  auto session = TRY(Session::open());
  const auto id = TRY(host_id(session, name));
  const auto answer = TRY(session.get(hosts_path + "/" + id));
  if (context.json)
    fmt::print("{}", answer);
  else
    TRY(print_host(answer));
  return ExitCode::success;
}

struct Labelling {
  std::string host;
  std::vector<std::string> labels{};
};

Result<ExitCode> label(const Labelling& given, const Context& context) {
  boost::json::object labels;
  for (const auto& each : given.labels) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0) return fail("{}: NAME=VALUE was expected", each);
    labels[each.substr(0, equals)] = each.substr(equals + 1);
  }
  auto session = TRY(Session::open());
  const auto id = TRY(host_id(session, given.host));
  const boost::json::value body{{"labels", labels}};
  const auto answer = TRY(session.put(hosts_path + "/" + id + "/labels", boost::json::serialize(body)));
  if (context.json)
    fmt::print("{}", answer);
  else
    TRY(print_host(answer));
  return ExitCode::success;
}

}  // namespace

void add_hosts_command(Program& program) {
  auto group = program.group("hosts", "The hosts of the fleet, and what each said last");
  program.command(group, "list", "List all", "  suture hosts list\n  suture hosts list --json", list_hosts);
  const auto shown = std::make_shared<std::string>();
  program
      .command(group, "show", "Show one, and when its kernel, level or state changed", "  suture hosts show web-17",
               [shown](const Context& context) { return show(*shown, context); })
      .add_option("HOST", *shown, "By its name or id")
      .required();
  const auto given = std::make_shared<Labelling>();
  auto command = program.command(group, "label", "Give one new labels, in place of all that it has",
                                 "  suture hosts label web-17 ring=canary site=fra",
                                 [given](const Context& context) { return label(*given, context); });
  command.add_option("HOST", given->host, "By its name or id").required();
  command.add_option("LABEL", given->labels, "NAME=VALUE; rollouts that exist keep their hosts").required();
}

}  // namespace suture::cli
