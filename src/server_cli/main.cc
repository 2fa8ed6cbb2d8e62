#include "server_cli/commands.h"

int main(int argc, char** argv) {
  suture::command_line::Program program({.name = "suture-server",
                                         .description = "Takes live patches through the rings of a fleet.",
                                         .exit_codes = "0 done, 1 failed, 2 the command line was not understood."});
  suture::server_cli::add_init_command(program);
  suture::server_cli::add_run_command(program);
  suture::server_cli::add_token_command(program);
  suture::server_cli::add_hosts_command(program);
  suture::server_cli::add_person_command(program);
  suture::server_cli::add_audit_command(program);
  suture::server_cli::add_webhook_command(program);
  return program.main(argc, argv);
}
