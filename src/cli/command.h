// How a command joins `suture`. Each lives in NAME_command.cc, which defines one function
// add_NAME_command(Program&), named in commands.h and called by main.cc.
#pragma once

#include "cli/exit_codes.h"
#include "command_line/program.h"

namespace suture::cli {

using command_line::Context;
using command_line::Program;

}  // namespace suture::cli
