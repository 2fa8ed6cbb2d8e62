// A program with subcommands: what `suture` and `suture-agent` share of parsing, --help, --json, errors and
// exit codes. A command lives in a file of its own, which defines one function add_NAME_command(Program&).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/progress.h"
#include "base/result.h"
#include "command_line/command.h"

namespace suture::command_line {

/// What a command's work is given.
struct Context {
  bool json = false;   ///< print exactly one JSON document on standard output
  Progress& progress;  ///< shown on a terminal only, and not with --json
};

/// Does the command and prints its result, and says how the program exits. An error is printed by the
/// program, which then exits with About::failed.
using Work = std::function<Result<int>(const Context&)>;

struct About {
  std::string name, description;
  std::string exit_codes;  ///< one line of --help
  int failed = 1;          ///< exit code of a command whose work ended in an error
  int usage = 2;           ///< exit code if the command line was not understood
};

class Program {
 public:
  explicit Program(About about);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// The place for a command's subcommands: `suture NAME …`.
  Command group(const std::string& name, const std::string& description);
  /// A command below `parent` (app() or a group). --json and --help come with it; the caller adds its
  /// options and arguments. `examples` are whole command lines, one a line. `work` is as Work, or returns
  /// the program's own enumeration of exit codes.
  template <typename Function>
  Command command(const Command& parent, const std::string& name, const std::string& description,
                  const std::string& examples, Function work) {
    return add(parent, name, description, examples, [work = std::move(work)](const Context& context) -> Result<int> {
      const auto code = TRY(work(context));
      return static_cast<int>(code);
    });
  }
  Command app() { return Command(*app_); }

  /// Parses and runs; prints errors.
  int main(int argc, const char* const* argv);

 private:
  Command add(const Command& parent, const std::string& name, const std::string& description,
              const std::string& examples, Work work);
  void print_error(const Error& error, bool json) const;

  About about_;
  std::unique_ptr<CLI::App> app_;
  bool json_ = false;
  Work work_;
};

}  // namespace suture::command_line
