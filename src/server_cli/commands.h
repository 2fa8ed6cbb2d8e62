// Every command of `suture-server`, in the order of --help.
#pragma once

#include <string>

#include "base/result.h"
#include "command_line/program.h"

namespace suture::server_cli {

using command_line::Context;
using command_line::Program;

void add_audit_command(Program& program);
void add_hosts_command(Program& program);
void add_init_command(Program& program);
void add_person_command(Program& program);
void add_run_command(Program& program);
void add_token_command(Program& program);
void add_webhook_command(Program& program);

/// server.json, as init writes it.
struct Config {
  std::string directory, address;
  std::uint16_t port = 0;
  std::string repository;  ///< directory, bundle or address that is rolled out; its first root is DIRECTORY/root.json
};
Result<Config> read_config(const std::string& file);

}  // namespace suture::server_cli
