// How a command joins `suture`. Each lives in NAME_command.cc, which defines one function
// add_NAME_command(Program&), named in commands.h and called by main.cc.
#pragma once

#include <string_view>

#include "cli/exit_codes.h"
#include "command_line/program.h"

namespace suture::cli {

using command_line::Command;
using command_line::Context;
using command_line::Program;

/// "file" or "files".
inline std::string_view plural(std::size_t count) { return count == 1 ? "" : "s"; }

}  // namespace suture::cli
