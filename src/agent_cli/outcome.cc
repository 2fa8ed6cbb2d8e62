#include "agent_cli/outcome.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/words.h"
#include "host/notify/journal.h"

namespace suture::agent_cli {
namespace {

// What --json prints; the names are promised.
struct FindingView {
  std::string code{}, text{}, advice{};
  bool refuses = false;
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (code, text, advice, refuses))

struct TaskView {
  int pid = 0;
  std::string name{}, stack{};
};
BOOST_DESCRIBE_STRUCT(TaskView, (), (pid, name, stack))

struct OutcomeView {
  std::string subject{}, outcome{}, code{}, reason{};
  std::vector<FindingView> findings{};
  std::vector<TaskView> blocking{};
};
BOOST_DESCRIBE_STRUCT(OutcomeView, (), (subject, outcome, code, reason, findings, blocking))

OutcomeView view_of(const std::string& subject, const agent::Outcome& outcome,
                    const std::vector<agent::Finding>& findings) {
  OutcomeView view{
      .subject = subject, .outcome = std::string(name_of(outcome.end)), .code = outcome.code, .reason = outcome.reason};
  for (const auto& each : findings) view.findings.push_back({each.code, each.text, each.advice, each.refuses});
  for (const auto& each : outcome.blocking) view.blocking.push_back({each.pid, each.name, each.stack});
  return view;
}

}  // namespace

ExitCode exit_code_of(agent::State end) {
  switch (end) {
    case agent::State::committed:
      return ExitCode::ok;
    case agent::State::refused:
    case agent::State::undone:
      return ExitCode::warning;
    default:
      return ExitCode::critical;
  }
}

Status log_outcome(const std::string& subject, const agent::Outcome& outcome) {
  const std::string end(name_of(outcome.end));
  return host::send_to_journal(
      {.priority = exit_code_of(outcome.end) == ExitCode::ok ? 5 : 4,
       .message = fmt::format("{}: {}{}{}", subject, end, outcome.reason.empty() ? "" : ": ", outcome.reason),
       .fields = {{"SUTURE_EVENT", end}, {"SUTURE_SUBJECT", subject}}});
}

void print_findings(const std::vector<agent::Finding>& findings) {
  for (const auto& each : findings)
    fmt::print("  {} {}: {}\n    advice: {}\n", each.refuses ? "refused" : "note", each.code, each.text, each.advice);
}

ExitCode print_outcome(const std::string& subject, const agent::Outcome& outcome,
                       const std::vector<agent::Finding>& findings, bool json) {
  if (json) {
    fmt::print("{}", json::to_text(view_of(subject, outcome, findings)));
    return exit_code_of(outcome.end);
  }
  fmt::print("{}: {}{}{}\n", subject, name_of(outcome.end), outcome.code.empty() ? "" : ": " + outcome.code,
             outcome.reason.empty() ? "" : ": " + outcome.reason);
  print_findings(findings);
  for (const auto& task : outcome.blocking) {
    fmt::print("  blocked by process {} ({})\n", task.pid, task.name);
    for (const auto line : lines_of(task.stack)) fmt::print("      {}\n", line);
  }
  return exit_code_of(outcome.end);
}

void print_outcomes(const std::vector<Ended>& all, bool json) {
  if (!json) {
    for (const auto& each : all) print_outcome(each.subject, each.outcome, {}, false);
    return;
  }
  std::vector<OutcomeView> views;
  for (const auto& each : all) views.push_back(view_of(each.subject, each.outcome, {}));
  fmt::print("{}", json::to_text(views));
}

}  // namespace suture::agent_cli
