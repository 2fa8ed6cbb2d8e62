// suture rollout create | plan | list | show | pause | resume | abort | retry | leave | go-on | pass | join |
// break-glass
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/resolve.h"
#include "cli/session.h"
#include "cli/timeline.h"

namespace suture::cli {
namespace {

const std::string rollouts_path = "/v1/rollouts";

void print_what_changed(const boost::json::value& made) {
  for (const auto& each : list_of(made, "raised"))
    if (each.is_string()) fmt::print("  by policy: {}\n", plain(each.as_string()));
  for (const auto& each : list_of(made, "left_out"))
    fmt::print("  left out of {}: {}: {}\n", text_of(each, "ring"), text_of(each, "host"), text_of(each, "reason"));
}

Result<ExitCode> create(const std::string& file, const Context& context) {
  auto session = TRY(Session::open());
  const auto request = TRY(read_text(file));
  const auto answer = TRY(session.post(rollouts_path, request));
  if (context.json) {
    fmt::print("{}", answer);
    return ExitCode::success;
  }
  const auto made = TRY(json::parse(answer, "answer"));
  fmt::print("{}\n  plan {}\n", text_of(made, "id"), text_of(made, "digest"));
  print_what_changed(made);
  return ExitCode::success;
}

Result<ExitCode> plan(const std::string& file, const Context& context) {
  auto session = TRY(Session::open());
  const auto request = TRY(read_text(file));
  const auto answer = TRY(session.post(rollouts_path + "/trial", request));
  if (context.json) {
    fmt::print("{}", answer);
    return ExitCode::success;
  }
  const auto trial = TRY(json::parse(answer, "answer"));
  const auto* unit = text_of(trial, "agent").empty() ? "level" : "release";
  fmt::print("{}, {} approvals, policy {}\n", aim_of(trial), number_of(trial, "approvals_needed"),
             number_of(trial, "policy"));
  for (const auto& ring : list_of(trial, "rings")) {
    fmt::print("{}: {} hosts, {} at once, then {} s of soak\n", text_of(ring, "name"), list_of(ring, "hosts").size(),
               number_of(ring, "at_once"), number_of(ring, "soak"));
    for (const auto& host : list_of(ring, "hosts")) {
      const auto ways = joined(list_of(host, "ways_back"));
      fmt::print("  {:<24}  runs {} {}; back by {}\n", text_of(host, "hostname"), unit, number_of(host, "before"),
                 ways.empty() ? "nothing that is proven" : ways);
    }
  }
  print_what_changed(trial);
  if (const auto closed = text_of(trial, "closed"); !closed.empty()) fmt::print("  begins once: {}\n", closed);
  return ExitCode::success;
}

std::string short_aim_of(const boost::json::value& rollout) {
  const auto agent = text_of(rollout, "agent");
  return agent.empty() ? aim_of(rollout) : "agent " + agent;
}

Result<ExitCode> list_rollouts(const Context& context) {
  auto session = TRY(Session::open());
  const auto answer = TRY(session.list(rollouts_path));
  if (context.json) {
    fmt::print("{}", answer);
    return ExitCode::success;
  }
  const auto all = TRY(json::parse(answer, "answer"));
  constexpr auto line = "{:<36}  {:<24}  {:<11}  {:<10}  {:<20}  {}\n";
  fmt::print(line, "ROLLOUT", "NAME", "GOES TO", "PHASE", "CREATED", "BY");
  for (const auto& each : list_in(&all))
    fmt::print(line, text_of(each, "id"), text_of(each, "name"), short_aim_of(each), text_of(each, "phase"),
               text_of(each, "created"), text_of(each, "author"));
  return ExitCode::success;
}

struct Show {
  std::string id;
  bool watch = false;
};

Result<ExitCode> show(const Show& given, const Context& context) {
  auto session = TRY(Session::open());
  const auto id = TRY(rollout_id(session, given.id));
  if (given.watch) TRY(watch(session, id, context.json));
  const auto answer = TRY(session.get(rollouts_path + "/" + id));
  if (context.json)
    fmt::print("{}", answer);
  else
    TRY(print_rollout(answer));
  return ExitCode::success;
}

struct Act {
  std::string id, host, ring, reason;
};

Result<ExitCode> act(const std::string& verb, const Act& given, const Context& context) {
  auto session = TRY(Session::open());
  boost::json::object body;
  if (!given.host.empty()) body["host"] = TRY(host_id(session, given.host));
  if (!given.ring.empty()) body["ring"] = given.ring;
  if (!given.reason.empty()) body["reason"] = given.reason;
  const auto id = TRY(rollout_id(session, given.id));
  const auto answer = TRY(session.post(rollouts_path + "/" + id + "/" + verb, boost::json::serialize(body)));
  if (context.json)
    fmt::print("{}", answer);
  else
    TRY(print_rollout(answer));
  return ExitCode::success;
}

enum class About { rollout, host, ring, both };

void add_act(Program& program, const Command& group, const std::string& verb, const std::string& description,
             About about) {
  const auto given = std::make_shared<Act>();
  std::string more;
  if (about == About::host || about == About::both) more += " --host web-17";
  if (about == About::ring || about == About::both) more += " --ring canary";
  auto command = program.command(group, verb, description, "  suture rollout " + verb + " 0f8e" + more,
                                 [given, verb](const Context& context) { return act(verb, *given, context); });
  command.add_option("ROLLOUT", given->id, "Its id, or how it begins").required();
  if (about == About::host || about == About::both)
    command.add_option("--host", given->host, "Which one, by its name or id").type_name("ID").required();
  if (about == About::ring || about == About::both)
    command.add_option("--ring", given->ring, "Which one").type_name("NAME").required();
  command.add_option("--reason", given->reason, "Why, for the audit").type_name("TEXT");
}

}  // namespace

void add_rollout_command(Program& program) {
  auto group = program.group("rollout", "Take a level, or the agent itself, through the rings of the fleet");
  const auto file = std::make_shared<std::string>();
  program
      .command(group, "create", "Create one; nothing begins before it is approved",
               "  suture rollout create level-4.json\n  suture rollout create agent-0.3.0.json",
               [file](const Context& context) { return create(*file, context); })
      .add_option("FILE", *file, "Name, level or agent, rings and gates: docs/fleet.md")
      .required();
  const auto planned = std::make_shared<std::string>();
  program
      .command(group, "plan", "Say what creating one would make of a request; nothing is kept",
               "  suture rollout plan rollout.json",
               [planned](const Context& context) { return plan(*planned, context); })
      .add_option("FILE", *planned, "As for create")
      .required();
  program.command(group, "list", "List all", "  suture rollout list", list_rollouts);
  const auto shown = std::make_shared<Show>();
  auto show_command = program.command(group, "show", "Show where one stands, and what it waits for",
                                      "  suture rollout show 0f8e\n  suture rollout show 0f8e --watch",
                                      [shown](const Context& context) { return show(*shown, context); });
  show_command.add_option("ROLLOUT", shown->id, "Its id, or how it begins").required();
  show_command.add_flag("--watch", shown->watch, "Its timeline first, as it happens, until it ends or stops");
  add_act(program, group, "pause", "Start nothing new; take nothing back", About::rollout);
  add_act(program, group, "resume", "Go on after a pause", About::rollout);
  add_act(program, group, "abort", "Freeze it, and take every treated host back", About::rollout);
  add_act(program, group, "retry", "Tell a host that failed again", About::host);
  add_act(program, group, "leave", "Give a host up: a person sees to it", About::host);
  add_act(program, group, "go-on", "Go on taking back after that did harm", About::rollout);
  add_act(program, group, "pass", "Let a ring pass that waits for a person", About::ring);
  add_act(program, group, "break-glass", "Go on without approvals, windows and freezes it lacks", About::rollout);
  add_act(program, group, "join", "Add a host that came later to a ring that has passed", About::both);
}

}  // namespace suture::cli
