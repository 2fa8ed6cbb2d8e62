// Runs other programs: compilers, objtool, apt, QEMU, systemctl. builder/, kit/, lab/ and host/ use it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture {

struct Command {
  std::vector<std::string> argv;                        ///< argv[0] is looked up in PATH
  fs::path directory = {};                              ///< working directory; ours if empty
  std::map<std::string, std::string> environment = {};  ///< added to ours
  bool inherit_environment = true;                      ///< false: only PATH, HOME and TMPDIR are ours
  std::string input = {};                               ///< given on standard input
  std::optional<std::chrono::milliseconds> timeout = {};
  std::optional<std::chrono::milliseconds> silence = {};  ///< how long it may say nothing; ends it like timeout
};

struct Finished {
  int exit_code = 0;  ///< 128 + N when killed by signal N
  bool timed_out = false;
  double cpu_seconds = 0;  ///< user and system, of the program and those that it waited for
  std::string output;      ///< standard output
  std::string errors;      ///< standard error
  bool ok() const { return exit_code == 0 && !timed_out; }
};

/// Runs to the end, in a process group of its own that is killed on timeout, and which does not
/// outlive us. Fails only if the program cannot be started at all.
Result<Finished> run(const Command& command);

/// As run(), but a non-zero exit is an error that quotes the end of what the program said.
Result<Finished> run_checked(const Command& command);

/// Whether a program of this name is in PATH.
bool program_exists(std::string_view name);

}  // namespace suture
