// Every command of `suture-agent`, in the order of --help.
#pragma once

#include "command_line/program.h"

namespace suture::agent_cli {

using command_line::Program;

void add_status_command(Program& program);
void add_apply_commands(Program& program);  ///< plan, apply
void add_revert_command(Program& program);
void add_hold_commands(Program& program);  ///< hold, release
void add_boot_command(Program& program);
void add_enroll_command(Program& program);
void add_run_command(Program& program);
void add_upgrade_command(Program& program);
void add_look_commands(Program& program);  ///< inventory, doctor, log

}  // namespace suture::agent_cli
