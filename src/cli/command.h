// How a command joins `suture`. Each lives in NAME_command.cc, which defines one function
// add_NAME_command(Program&), named in commands.h and called by main.cc.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "cli/exit_codes.h"

namespace suture::cli {

/// What a command's work is given.
struct Context {
  bool json = false;   ///< print exactly one JSON document on standard output
  Progress& progress;  ///< shown on a terminal only, and not with --json
};

/// Does the command and prints its result. An error is printed by the program, which then exits with
/// ExitCode::failed.
using Work = std::function<Result<ExitCode>(const Context&)>;

class Program {
 public:
  Program();

  /// The place for a command's subcommands: `suture NAME …`.
  CLI::App& group(const std::string& name, const std::string& description);
  /// A command below `parent` (app() or a group). --json and --help come with it; the caller adds its
  /// options and arguments. `examples` are whole command lines, one a line.
  CLI::App& command(CLI::App& parent, const std::string& name, const std::string& description,
                    const std::string& examples, Work work);
  CLI::App& app() { return app_; }

  /// Parses and runs; prints errors.
  ExitCode main(int argc, const char* const* argv);

 private:
  CLI::App app_;
  bool json_ = false;
  Work work_;
};

/// Prints an error: for people on standard error, with `json` as an object on standard output.
void print_error(const Error& error, bool json);

}  // namespace suture::cli
