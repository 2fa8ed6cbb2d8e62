// suture-server person add | token
#include <fmt/format.h>

#include <memory>

#include "base/first_line.h"
#include "base/json.h"
#include "server/domain/people/people.h"
#include "server/store/sqlite.h"
#include "server_cli/clock.h"
#include "server_cli/commands.h"
#include "trust/tuf/metadata.h"
#include "trust/tuf/time.h"

namespace suture::server_cli {
namespace {

struct Added {
  std::string config, name, role, expires, key, password_file;
};

Result<std::string> read_approval_key(const std::string& file) {
  const auto text = TRY(read_text(file));
  const auto read = TRY(trust::tuf::read_key(text, file));
  if (!read.ed25519) return fail("{}: is no Ed25519 key; suture keys new makes one", file);
  return to_hex(*read.ed25519);
}

Result<int> add(const Added& given, const Context& context) {
  const auto config = TRY(read_config(given.config));
  server::NewPerson made;
  made.name = given.name;
  made.expires = TRY(trust::tuf::parse_time(given.expires), "--expires");
  made.role = TRY(server::role_of(given.role), "--role");
  if (!given.key.empty()) made.key = TRY(read_approval_key(given.key));
  if (!given.password_file.empty()) {
    made.password = TRY(read_first_line(given.password_file));
    if (made.password.empty()) return fail("{}: its first line is empty", given.password_file);
  }
  const auto store = TRY(server::open_sqlite(fs::path(config.directory) / "suture.db"));
  const auto token = TRY(server::make_person(*store, made, now()));
  if (context.json)
    fmt::print("{}", json::pretty({{"token", token}, {"name", given.name}, {"role", given.role}}));
  else
    fmt::print("{}\n", token);
  return 0;
}

struct Token {
  std::string config, name, scope, expires;
};

Result<int> make_token(const Token& given, const Context& context) {
  const auto config = TRY(read_config(given.config));
  const auto expires = TRY(trust::tuf::parse_time(given.expires), "--expires");
  const auto scope = TRY(server::read_scope(given.scope), "--scope");
  const auto store = TRY(server::open_sqlite(fs::path(config.directory) / "suture.db"));
  const auto token = TRY(server::make_access_token(*store, given.name, scope, expires, now()));
  if (context.json)
    fmt::print("{}", json::pretty({{"token", token}, {"name", given.name}, {"scope", server::to_text(scope)}}));
  else
    fmt::print("{}\n", token);
  return 0;
}

void add_add_command(Program& program, const command_line::Command& group) {
  const auto given = std::make_shared<Added>();
  auto command = program.command(group, "add", "Add a person, or make a known one anew; the token is shown once",
                                 "  suture-server person add ada --role operator --config server.json \\\n"
                                 "    --expires 2027-01-31T12:00:00Z\n"
                                 "  suture-server person add grace --role approver --key grace.pub \\\n"
                                 "    --config server.json --expires 2027-01-31T12:00:00Z \\\n"
                                 "    --password-file -",
                                 [given](const Context& context) { return add(*given, context); });
  command.add_option("NAME", given->name, "As the audit has it").required();
  command.add_option("--role", given->role, "author, tester, approver, operator, auditor or admin")
      .type_name("ROLE")
      .required();
  command.add_option("--config", given->config, "server.json of suture-server init").type_name("FILE").required();
  command.add_option("--expires", given->expires, "Of the person and every token, in UTC").type_name("TIME").required();
  command.add_option("--key", given->key, "An approver's public key, of suture keys new").type_name("FILE");
  command.add_option("--password-file", given->password_file, "Its first line is the password; - is standard input")
      .type_name("FILE");
}

void add_token_of_person_command(Program& program, const command_line::Command& group) {
  const auto given = std::make_shared<Token>();
  auto command = program.command(group, "token", "Make one more token, which may do less; it is shown once",
                                 "  suture-server person token ada --scope see --config server.json \\\n"
                                 "    --expires 2027-01-31T12:00:00Z",
                                 [given](const Context& context) { return make_token(*given, context); });
  command.add_option("NAME", given->name, "Whose it is").required();
  command.add_option("--scope", given->scope, "What for, with commas between; of what the role may do")
      .type_name("ACTS")
      .required();
  command.add_option("--config", given->config, "server.json of suture-server init").type_name("FILE").required();
  command.add_option("--expires", given->expires, "Of the token, in UTC").type_name("TIME").required();
}

}  // namespace

void add_person_command(Program& program) {
  auto group = program.group("person", "Who may speak to the API: people and programs");
  add_add_command(program, group);
  add_token_of_person_command(program, group);
}

}  // namespace suture::server_cli
