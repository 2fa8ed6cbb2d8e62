#include "cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "base/json.h"
#include "base/version.h"

namespace suture::cli {
namespace {

std::string footer(const std::string& examples) { return fmt::format("Examples:\n{}", examples); }

bool asks_for_json(int argc, const char* const* argv) {
  return std::any_of(argv, argv + argc, [](std::string_view argument) { return argument == "--json"; });
}

// "suture kit add": as far as the command line was understood.
std::string command_path(const CLI::App& app) {
  const auto deeper = app.get_subcommands();
  return deeper.empty() ? app.get_name() : fmt::format("{} {}", app.get_name(), command_path(*deeper[0]));
}

}  // namespace

Program::Program() : app_("Live patches for stock Linux kernels: built, checked, proved.", "suture") {
  app_.set_version_flag("--version", fmt::format("suture {}", version()));
  app_.require_subcommand(1);
  app_.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no change, 4 refused.\n"
      "More on each command: suture COMMAND --help");
}

CLI::App& Program::group(const std::string& name, const std::string& description) {
  auto& group = *app_.add_subcommand(name, description);
  group.require_subcommand(1);
  return group;
}

CLI::App& Program::command(CLI::App& parent, const std::string& name, const std::string& description,
                           const std::string& examples, Work work) {
  auto& command = *parent.add_subcommand(name, description);
  command.footer(footer(examples));
  command.add_flag("--json", json_, "Print the result as JSON");
  command.callback([this, work = std::move(work)] { work_ = work; });
  return command;
}

ExitCode Program::main(int argc, const char* const* argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      app_.exit(error);
      return ExitCode::success;
    }
    const auto advice = fmt::format("See: {} --help", command_path(app_));
    print_error(Error(error.what()).advise(advice), asks_for_json(argc, argv));
    return ExitCode::usage;
  }
  const auto done = work_({.json = json_, .progress = json_ ? no_progress() : terminal_progress()});
  // The line of a terminal's progress ends before anything else is printed.
  terminal_progress().stage("");
  if (!done) print_error(done.error(), json_);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {  // a full disk, a closed pipe
    print_error(Error("the result could not be written to standard output"), false);
    return ExitCode::failed;
  }
  return done.value_or(ExitCode::failed);
}

void print_error(const Error& error, bool json) {
  if (json) {
    fmt::print("{}", json::pretty({{"error", error.describe()}, {"advice", error.advice()}}));
    return;
  }
  fmt::print(stderr, "suture: error: {}\n", error.describe());
  if (!error.advice().empty()) fmt::print(stderr, "  advice: {}\n", error.advice());
}

}  // namespace suture::cli
