// suture-server person add
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "server/domain/people.h"
#include "server/store/sqlite.h"
#include "server_cli/commands.h"
#include "trust/tuf/metadata.h"
#include "trust/tuf/time.h"

namespace suture::server_cli {
namespace {

struct Arguments {
  std::string config, name, role, expires, key;
};

Result<int> add(const Arguments& arguments, const Context& context) {
  const auto config = TRY(read_config(arguments.config));
  const auto expires = TRY(trust::tuf::parse_time(arguments.expires), "--expires");
  const auto role = TRY(server::role_of(arguments.role), "--role");
  const auto store = TRY(server::open_sqlite(fs::path(config.directory) / "suture.db"));
  std::string key;
  if (!arguments.key.empty()) {
    const auto text = TRY(read_text(arguments.key));
    const auto read = TRY(trust::tuf::read_key(text, arguments.key));
    if (!read.ed25519) return fail("{}: is no Ed25519 key; suture keys new makes one", arguments.key);
    key = to_hex(*read.ed25519);
  }
  const auto token = TRY(server::make_person(*store, arguments.name, role, key, expires));
  if (context.json)
    fmt::print("{}", json::pretty({{"token", token}, {"name", arguments.name}, {"role", arguments.role}}));
  else
    fmt::print("{}\n", token);
  return 0;
}

}  // namespace

void add_person_command(Program& program) {
  auto group = program.group("person", "Who may speak to the API: people and programs");
  const auto given = std::make_shared<Arguments>();
  auto command = program.command(group, "add", "Add a person, or give one a new token; it is shown once",
                                 "  suture-server person add ada --role operator --config server.json \\\n"
                                 "    --expires 2027-01-31T12:00:00Z\n"
                                 "  suture-server person add grace --role approver --key grace.pub \\\n"
                                 "    --config server.json --expires 2027-01-31T12:00:00Z",
                                 [given](const Context& context) { return add(*given, context); });
  command.add_option("NAME", given->name, "As the audit has it").required();
  command.add_option("--role", given->role, "author, tester, approver, operator, auditor or admin")
      .type_name("ROLE")
      .required();
  command.add_option("--config", given->config, "server.json of suture-server init").type_name("FILE").required();
  command.add_option("--expires", given->expires, "Of the token, in UTC").type_name("TIME").required();
  command.add_option("--key", given->key, "An approver's public key, of suture keys new").type_name("FILE");
}

}  // namespace suture::server_cli
