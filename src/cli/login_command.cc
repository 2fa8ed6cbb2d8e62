// suture login
#include <fmt/format.h>

#include <memory>

#include "base/first_line.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/silent_terminal.h"

namespace suture::cli {
namespace {

struct LoginArguments {
  std::string server, ca_file, token_file, name, password_file;
};

Result<trust::Secret> read_password(const LoginArguments& given) {
  if (!given.password_file.empty()) {
    auto line = TRY(read_first_line(given.password_file));
    return trust::Secret(std::move(line));
  }
  SilentTerminal terminal;
  if (!terminal.ready())
    return fail(Error("there is no terminal to ask for the password").advise("use --password-file"));
  return trust::Secret(terminal.ask(fmt::format("Password of {} for {}: ", given.name, given.server)));
}

Result<Login> by_token(const LoginArguments& given) {
  auto token = TRY(read_text(given.token_file));
  while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back())) != 0) token.pop_back();
  return Login{std::move(token), ""};
}

Result<Login> by_password(const LoginArguments& given) {
  const auto password = TRY(read_password(given));
  return ask_for_token(given.server, given.ca_file, given.name, password);
}

Result<ExitCode> login(const LoginArguments& given, const Context& context) {
  const auto made = TRY(given.name.empty() ? by_token(given) : by_password(given));
  TRY(log_in(given.server, given.ca_file, made.token));
  boost::json::object shown{{"server", given.server}};
  if (!made.expires.empty()) shown["expires"] = made.expires;
  if (context.json)
    fmt::print("{}", json::pretty(shown));
  else
    fmt::print("logged in to {}{}{}\n", given.server, made.expires.empty() ? "" : " until ", plain(made.expires));
  return ExitCode::success;
}

}  // namespace

void add_login_command(Program& program) {
  const auto given = std::make_shared<LoginArguments>();
  auto command = program.command(program.app(), "login", "Name the server, and who you are to it",
                                 "  suture login https://suture.example.org:8443 --ca-file ca.pem \\\n"
                                 "    --name ada\n"
                                 "  suture login https://suture.example.org:8443 --ca-file ca.pem \\\n"
                                 "    --token-file token",
                                 [given](const Context& context) { return login(*given, context); });
  command.add_option("SERVER", given->server, "Its address").required();
  command.add_option("--ca-file", given->ca_file, "The server's ca.pem").type_name("FILE").required();
  const auto token =
      command.add_option("--token-file", given->token_file, "What suture-server person add printed").type_name("FILE");
  command.add_option("--name", given->name, "Yours, with a password, which is asked for")
      .type_name("NAME")
      .excludes(token);
  command.add_option("--password-file", given->password_file, "Its first line is the password; - is standard input")
      .type_name("FILE")
      .excludes(token);
  command.require("--name or --token-file", [given] { return !given->name.empty() || !given->token_file.empty(); });
}

}  // namespace suture::cli
