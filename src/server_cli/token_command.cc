// suture-server token create
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "server/domain/hosts/fleet.h"
#include "server/store/sqlite.h"
#include "server_cli/commands.h"
#include "trust/tuf/time.h"

namespace suture::server_cli {
namespace {

struct TokenArguments {
  std::string config, expires;
  std::uint32_t uses = 1;
  std::vector<std::string> labels{};
};

Result<server::Labels> read_labels(const std::vector<std::string>& texts) {
  server::Labels labels;
  for (const auto& each : texts) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0) return fail("--label {}: NAME=VALUE was expected", each);
    labels[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return labels;
}

Result<int> create(const TokenArguments& arguments, const Context& context) {
  const auto config = TRY(read_config(arguments.config));
  const auto expires = TRY(trust::tuf::parse_time(arguments.expires), "--expires");
  const auto labels = TRY(read_labels(arguments.labels));
  const auto store = TRY(server::open_sqlite(fs::path(config.directory) / "suture.db"));
  const auto token = TRY(server::make_token(*store, arguments.uses, expires, labels));
  if (context.json)
    fmt::print("{}", json::pretty({{"token", token}, {"uses", arguments.uses}, {"expires", arguments.expires}}));
  else
    fmt::print("{}\n", token);
  return 0;
}

}  // namespace

void add_token_command(Program& program) {
  auto group = program.group("token", "Tokens by which hosts enrol");
  const auto given = std::make_shared<TokenArguments>();
  auto command = program.command(group, "create", "Make a token; it is shown once, and stored nowhere",
                                 "  suture-server token create --config server.json --uses 10 \\\n"
                                 "    --expires 2027-01-31T12:00:00Z --label ring=canary",
                                 [given](const Context& context) { return create(*given, context); });
  command.add_option("--config", given->config, "server.json of suture-server init").type_name("FILE").required();
  command.add_option("--expires", given->expires, "In UTC").type_name("TIME").required();
  command.add_option("--uses", given->uses, "Hosts that may enrol by it").type_name("N").show_default();
  command.add_option("--label", given->labels, "Of those hosts; rings are made of hosts by label")
      .type_name("NAME=VALUE")
      .one_at_a_time();
}

}  // namespace suture::server_cli
