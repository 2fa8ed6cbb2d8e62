#include "agent_cli/commands.h"
#include "agent_cli/exit_codes.h"

int main(int argc, char** argv) {
  using suture::agent_cli::ExitCode;
  suture::command_line::Program program(
      {.name = "suture-agent",
       .description = "Applies signed live patches to this host, watches it, and takes back what hurts.",
       .exit_codes = "0 ok, 1 warning: refused, held or undone, 2 critical: stuck, 3 unknown: error or wrong usage.",
       .failed = static_cast<int>(ExitCode::unknown),
       .usage = static_cast<int>(ExitCode::unknown)});
  suture::agent_cli::add_status_command(program);
  suture::agent_cli::add_apply_commands(program);
  suture::agent_cli::add_revert_command(program);
  suture::agent_cli::add_hold_commands(program);
  suture::agent_cli::add_boot_command(program);
  suture::agent_cli::add_enroll_command(program);
  suture::agent_cli::add_run_command(program);
  suture::agent_cli::add_upgrade_command(program);
  suture::agent_cli::add_look_commands(program);
  return program.main(argc, argv);
}
