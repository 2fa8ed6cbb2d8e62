// suture-server person add
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "server/domain/people.h"
#include "server/store/sqlite.h"
#include "server_cli/commands.h"
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
  const auto token = TRY(server::make_person(*store, arguments.name, role, arguments.key, expires));
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
                                 "  suture-server person add grace --role approver --key 9f…  --config server.json \\\n"
                                 "    --expires 2027-01-31T12:00:00Z",
                                 [given](const Context& context) { return add(*given, context); });
  command.add_option("NAME", given->name, "As the audit has it").required();
  command.add_option("--role", given->role, "author, tester, approver, operator, auditor or admin")
      .type_name("ROLE")
      .required();
  command.add_option("--config", given->config, "server.json of suture-server init").type_name("FILE").required();
  command.add_option("--expires", given->expires, "Of the token, in UTC").type_name("TIME").required();
  command.add_option("--key", given->key, "Public key of an approver, in hexadecimal").type_name("KEY");
}

}  // namespace suture::server_cli
