// suture login
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace suture::cli {
namespace {

struct Arguments {
  std::string server, ca_file, token_file;
};

Result<ExitCode> login(const Arguments& arguments, const Context& context) {
  auto token = TRY(read_text(arguments.token_file));
  while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back())) != 0) token.pop_back();
  TRY(log_in(arguments.server, arguments.ca_file, token));
  if (context.json)
    fmt::print("{}", json::pretty({{"server", arguments.server}}));
  else
    fmt::print("logged in to {}\n", arguments.server);
  return ExitCode::success;
}

}  // namespace

void add_login_command(Program& program) {
  const auto given = std::make_shared<Arguments>();
  auto command = program.command(program.app(), "login", "Name the server, and who you are to it",
                                 "  suture login https://suture.example.org:8443 --ca-file ca.pem \\\n"
                                 "    --token-file token",
                                 [given](const Context& context) { return login(*given, context); });
  command.add_option("SERVER", given->server, "Its address").required();
  command.add_option("--ca-file", given->ca_file, "The server's ca.pem").type_name("FILE").required();
  command.add_option("--token-file", given->token_file, "What suture-server person add printed")
      .type_name("FILE")
      .required();
}

}  // namespace suture::cli
