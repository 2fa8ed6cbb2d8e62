#include "command_line/program.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "base/json.h"
#include "base/version.h"
#include "command_line/help.h"

namespace suture::command_line {
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

// What the parser complains of first is not what was mistyped: a command or option that there is not.
std::string complaint(const CLI::App& app, const CLI::ParseError& error) {
  const auto unknown = app.remaining(true);
  const bool comes_of_it = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr ||
                           dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  if (unknown.empty() || !comes_of_it) return error.what();
  const auto* understood = &app;
  while (!understood->get_subcommands().empty()) understood = understood->get_subcommands()[0];
  const auto& word = unknown.front();
  const bool takes_commands = !understood->get_subcommands([](const CLI::App*) { return true; }).empty();
  const auto* kind = word.starts_with('-') ? "option" : takes_commands ? "command" : "argument";
  return fmt::format("'{}' is no {} of {}", word, kind, command_path(app));
}

}  // namespace

Program::Program(About about)
    : about_(std::move(about)), app_(std::make_unique<CLI::App>(about_.description, about_.name)) {
  app_->set_version_flag("--version", fmt::format("{} {}", about_.name, version()));
  app_->formatter(std::make_shared<Help>());  // those of subcommands are made of it
  app_->require_subcommand(1);
  app_->footer(fmt::format("Exit codes: {}\nMore on each command: {} COMMAND --help", about_.exit_codes, about_.name));
}

Program::~Program() = default;

Command Program::group(const std::string& name, const std::string& description) {
  auto& group = *app_->add_subcommand(name, description);
  group.require_subcommand(1);
  return Command(group);
}

Command Program::add(const Command& parent, const std::string& name, const std::string& description,
                     const std::string& examples, Work work) {
  auto& command = *parent.app_->add_subcommand(name, description);
  command.footer(footer(examples));
  command.add_flag("--json", json_, "Print the result as JSON");
  command.callback([this, work = std::move(work)] { work_ = work; });
  return Command(command);
}

int Program::main(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      app_->exit(error);
      return 0;
    }
    const auto advice = fmt::format("See: {} --help", command_path(*app_));
    print_error(Error(complaint(*app_, error)).advise(advice), asks_for_json(argc, argv));
    return about_.usage;
  }
  const auto done = work_({.json = json_, .progress = json_ ? no_progress() : terminal_progress()});
  // The line of a terminal's progress ends before anything else is printed.
  terminal_progress().stage("");
  if (!done) print_error(done.error(), json_);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {  // a full disk, a closed pipe
    print_error(Error("the result could not be written to standard output"), false);
    return about_.failed;
  }
  return done.value_or(about_.failed);
}

void Program::print_error(const Error& error, bool json) const {
  if (json) {
    fmt::print("{}", json::pretty({{"error", error.describe()}, {"advice", error.advice()}}));
    return;
  }
  fmt::print(stderr, "{}: error: {}\n", about_.name, error.describe());
  if (!error.advice().empty()) fmt::print(stderr, "  advice: {}\n", error.advice());
}

}  // namespace suture::command_line
