// suture catalogue
#include <fmt/format.h>

#include "base/json.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace suture::cli {
namespace {

void print_kernels(const boost::json::value& catalogue) {
  constexpr auto line = "{:<24}  {:>5}  {:<16}  {}\n";
  fmt::print(line, "KERNEL", "HOSTS", "LEVELS", "NOT BUILT FOR IT");
  for (const auto& kernel : list_of(catalogue, "kernels")) {
    std::string levels;
    for (const auto& level : list_of(kernel, "levels"))
      levels += fmt::format("{}{}{}", levels.empty() ? "" : " ", number_of(level, "level"),
                            is_set(level, "recalled") ? "(recalled)" : "");
    fmt::print(line, text_of(kernel, "release"), number_of(kernel, "hosts"), levels.empty() ? "none" : levels,
               joined(list_of(kernel, "lacks")));
  }
}

void print_fixes(const boost::json::value& catalogue) {
  constexpr auto line = "{:<28}  {:<8}  {:<24}  {:<9}  {:>9}  {}\n";
  fmt::print(line, "FIX", "SEVERITY", "KERNEL", "STATE", "HAVE IT", "DUE");
  for (const auto& fix : list_of(catalogue, "fixes")) {
    const auto cves = joined(list_of(fix, "cves"));
    auto name = text_of(fix, "id");
    for (const auto& cell : list_of(fix, "kernels")) {
      fmt::print(line, name, text_of(fix, "severity"), text_of(cell, "release"), text_of(cell, "state"),
                 fmt::format("{}/{}", number_of(cell, "fixed"), number_of(cell, "hosts")),
                 is_set(cell, "overdue") ? "OVERDUE since " + text_of(cell, "due") : text_of(cell, "due"));
      name.clear();
    }
    if (!cves.empty()) fmt::print("  {}\n", cves);
  }
}

void print_agent(const boost::json::value& catalogue) {
  const auto* agent = member_of(catalogue, "agent");
  if (agent == nullptr || list_of(*agent, "releases").empty()) return;
  const auto floor = number_of(*agent, "floor");
  constexpr auto line = "{:<24}  {:>7}  {:>5}  {}\n";
  fmt::print("\n");
  fmt::print(line, "AGENT", "RELEASE", "HOSTS", "");
  for (const auto& each : list_of(*agent, "releases")) {
    const auto release = number_of(each, "release");
    fmt::print(line, text_of(each, "version"), release, number_of(each, "hosts"),
               release < floor    ? "below the floor"
               : release == floor ? "the floor"
                                  : "");
  }
  fmt::print(line, "another", "", number_of(*agent, "other_hosts"), "");
}

Result<ExitCode> catalogue(const Context& context) {
  auto session = TRY(Session::open());
  const auto answer = TRY(session.get("/v1/catalogue"));
  if (context.json) {
    fmt::print("{}", answer);
    return ExitCode::success;
  }
  const auto seen = TRY(json::parse(answer, "catalogue"));
  if (const auto failure = text_of(seen, "failure"); !failure.empty())
    fmt::print("The repository could not be looked through, so this is what was seen before: {}\n\n", failure);
  print_kernels(seen);
  fmt::print("\n");
  print_fixes(seen);
  print_agent(seen);
  return ExitCode::success;
}

}  // namespace

void add_catalogue_command(Program& program) {
  program.command(program.app(), "catalogue", "Show fixes and kernels: who has what, and what has not been built",
                  "  suture catalogue\n  suture catalogue --json", catalogue);
}

}  // namespace suture::cli
