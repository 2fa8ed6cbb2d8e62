// suture policy list | show | try | activate
#include <fmt/format.h>

#include <limits>
#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace suture::cli {
namespace {

const std::string policies_path = "/v1/policies";

/// 0 if none holds.
Result<std::int64_t> version_that_holds(Session& session) {
  const auto answer = TRY(session.list(policies_path));
  const auto all = TRY(json::parse(answer, "policies"));
  std::int64_t version = 0;
  for (const auto& each : list_in(&all)) version = std::max(version, number_of(each, "version"));
  return version;
}

Result<ExitCode> list_policies(const Context& context) {
  auto session = TRY(Session::open());
  const auto answer = TRY(session.list(policies_path));
  if (context.json) {
    fmt::print("{}", answer);
    return ExitCode::success;
  }
  const auto all = TRY(json::parse(answer, "policies"));
  if (list_in(&all).empty()) fmt::print("No policy: each rollout has what it asks for.\n");
  for (const auto& each : list_in(&all)) {
    fmt::print("{:>4}  {}  by {}{}\n", number_of(each, "version"), text_of(each, "activated"), text_of(each, "by"),
               is_set(each, "holds") ? "  holds" : "");
  }
  return ExitCode::success;
}

/// A policy's own lines, with every other control character left out.
std::string policy_lines(const boost::json::value& policy) {
  std::string text;
  const auto* member = member_of(policy, "text");
  if (member == nullptr || !member->is_string()) return text;
  for (const char each : member->as_string())
    if (each == '\n' || static_cast<unsigned char>(each) >= ' ') text += each;
  return text;
}

Result<ExitCode> show(std::int64_t wanted, const Context& context) {
  auto session = TRY(Session::open());
  const auto version = wanted == 0 ? TRY(version_that_holds(session)) : wanted;
  if (version == 0) return fail("no policy holds");
  const auto answer = TRY(session.get(fmt::format("{}/{}", policies_path, version)));
  if (context.json) {
    fmt::print("{}", answer);
    return ExitCode::success;
  }
  const auto policy = TRY(json::parse(answer, "policy"));
  fmt::print("{}", policy_lines(policy));
  return ExitCode::success;
}

Result<std::string> request_of(const std::string& file, std::int64_t expected) {
  const auto text = TRY(read_text(file));
  return boost::json::serialize(boost::json::value{{"text", text}, {"expected", expected}});
}

void print_reasons(const boost::json::value& of) {
  for (const auto& denial : list_of(of, "denials"))
    if (denial.is_string()) fmt::print("    denied: {}\n", plain(denial.as_string()));
  if (const auto closed = text_of(of, "closed"); !closed.empty())
    fmt::print("    nothing would begin now: {}\n", closed);
}

void print_trial(const boost::json::value& trial) {
  for (const auto& each : list_of(trial, "levels")) {
    const auto denied = !list_of(each, "denials").empty();
    fmt::print("{} level {}, for {} hosts: {}\n", text_of(each, "release"), number_of(each, "level"),
               number_of(each, "hosts"),
               denied                          ? "denied"
               : number_of(each, "hosts") == 0 ? "nobody needs it"
                                               : "allowed");
    print_reasons(each);
    if (denied || number_of(each, "hosts") == 0) continue;
    fmt::print("    at least {} rings, {} s of soak\n", number_of(each, "rings"), number_of(each, "soak"));
    for (const auto& rule : list_of(each, "approvals")) {
      const auto by = joined(list_of(rule, "by"));
      fmt::print("    {} approvals{} (rule '{}')\n", number_of(rule, "count"), by.empty() ? "" : " of " + by,
                 text_of(rule, "rule"));
    }
  }
  for (const auto& each : list_of(trial, "rollouts")) {
    fmt::print("rollout {} ({})\n", text_of(each, "id"), text_of(each, "name"));
    print_reasons(each);
  }
}

Result<ExitCode> try_out(const std::string& file, const Context& context) {
  auto session = TRY(Session::open());
  const auto request = TRY(request_of(file, 0));
  const auto answer = TRY(session.post(policies_path + "/trial", request));
  if (context.json)
    fmt::print("{}", answer);
  else
    print_trial(TRY(json::parse(answer, "answer")));
  return ExitCode::success;
}

constexpr auto whichever = std::numeric_limits<std::uint32_t>::max();

struct Activation {
  std::string file;
  std::uint32_t over = whichever;
};

Result<ExitCode> activate(const Activation& given, const Context& context) {
  auto session = TRY(Session::open());
  const std::int64_t expected = given.over == whichever ? TRY(version_that_holds(session)) : given.over;
  const auto request = TRY(request_of(given.file, expected));
  const auto answer = TRY(session.post(policies_path, request));
  if (context.json) {
    fmt::print("{}", answer);
    return ExitCode::success;
  }
  const auto policy = TRY(json::parse(answer, "answer"));
  fmt::print("policy {} holds from now on\n", number_of(policy, "version"));
  return ExitCode::success;
}

}  // namespace

void add_policy_command(Program& program) {
  auto group = program.group("policy", "What all rollouts are held to");
  program.command(group, "list", "List every version, and which one holds", "  suture policy list", list_policies);
  const auto shown = std::make_shared<std::uint32_t>(0);
  program
      .command(group, "show", "Print one, as it was written", "  suture policy show\n  suture policy show 3",
               [shown](const Context& context) { return show(*shown, context); })
      .add_option("VERSION", *shown, "The one that holds unless told");
  const auto tried = std::make_shared<std::string>();
  program
      .command(group, "try", "Say what a policy would do if it held now; nothing is changed",
               "  suture policy try policy.yaml", [tried](const Context& context) { return try_out(*tried, context); })
      .add_option("FILE", *tried, "YAML: docs/policy.md")
      .required();
  const auto given = std::make_shared<Activation>();
  auto command = program.command(group, "activate", "Let a policy hold from now on",
                                 "  suture policy activate policy.yaml\n"
                                 "  suture policy activate policy.yaml --over 3",
                                 [given](const Context& context) { return activate(*given, context); });
  command.add_option("FILE", given->file, "YAML: docs/policy.md").required();
  command.add_option("--over", given->over, "Refuse unless this version holds").type_name("VERSION");
}

}  // namespace suture::cli
