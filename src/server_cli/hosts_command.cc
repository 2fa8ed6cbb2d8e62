// suture-server hosts
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "server/domain/hosts/host_list.h"
#include "server/store/sqlite.h"
#include "server_cli/clock.h"
#include "server_cli/commands.h"

namespace suture::server_cli {
namespace {

/// As the API lists them; members that the table does not show are left where they are.
struct Row {
  std::string host, hostname, held, last_report, state, verdict;
  std::int64_t level = 0;
};

std::vector<Row> rows_of(const boost::json::value& hosts) {
  std::vector<Row> rows;
  const auto text = [](const boost::json::value& host, const char* name) {
    return std::string(host.at(name).as_string());
  };
  for (const auto& each : hosts.as_array())
    rows.push_back({text(each, "host"), text(each, "hostname"), text(each, "held"), text(each, "last_report"),
                    text(each, "state"), text(each, "verdict"), each.at("level").as_int64()});
  return rows;
}

Result<int> hosts(const std::string& file, const Context& context) {
  const auto config = TRY(read_config(file));
  const auto store = TRY(server::open_sqlite(fs::path(config.directory) / "suture.db"));
  const auto listed = server::list_hosts(*store, nullptr, now());
  if (!listed) return fail("{}", listed.error().message);
  if (context.json) {
    fmt::print("{}", *listed);
    return 0;
  }
  const auto rows = rows_of(TRY(json::parse(*listed, "hosts")));
  if (rows.empty()) {
    fmt::print("No hosts yet. They enrol with a token: suture-server token create\n");
    return 0;
  }
  constexpr auto line = "{:<36}  {:<24}  {:>5}  {:<8}  {:<8}  {:<20}  {}\n";
  fmt::print(line, "HOST", "NAME", "LEVEL", "STATE", "VERDICT", "LAST REPORT", "HELD");
  for (const auto& each : rows)
    fmt::print(line, each.host, each.hostname, each.level, each.state, each.verdict,
               each.last_report.empty() ? "never" : each.last_report, each.held);
  return 0;
}

}  // namespace

void add_hosts_command(Program& program) {
  const auto config = std::make_shared<std::string>();
  program
      .command(program.app(), "hosts", "List the hosts, and what each said last",
               "  suture-server hosts --config /var/lib/suture-server/server.json",
               [config](const Context& context) { return hosts(*config, context); })
      .add_option("--config", *config, "server.json of suture-server init")
      .type_name("FILE")
      .required();
}

}  // namespace suture::server_cli
