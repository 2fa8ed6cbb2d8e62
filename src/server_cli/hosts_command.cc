// suture-server hosts
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "server/store/sqlite.h"
#include "server_cli/commands.h"
#include "trust/tuf/time.h"

namespace suture::server_cli {
namespace {

struct View {
  std::string host, hostname, enrolled, held;
  std::int64_t reports = 0;
  std::string last_report;
  std::int64_t level = 0;
  std::string state, verdict;
};
BOOST_DESCRIBE_STRUCT(View, (), (host, hostname, enrolled, held, reports, last_report, level, state, verdict))

Result<View> view(server::Store& store, const server::Host& host) {
  View made{.host = host.id,
            .hostname = host.hostname,
            .enrolled = trust::tuf::format_time(host.enrolled),
            .held = host.held,
            .last_report = {},
            .state = {},
            .verdict = {}};
  const auto last = TRY(store.last_report(host.id));
  if (!last) return made;
  // Read strictly when it came: the members are there.
  const auto report = TRY(json::parse(last->body, "report of " + host.id));
  const auto& status = report.at("status").as_object();
  made.reports = last->sequence;
  made.last_report = trust::tuf::format_time(last->at);
  made.level = status.at("level").to_number<std::int64_t>();
  made.state = status.at("state").as_string();
  made.verdict = status.at("verdict").as_string();
  return made;
}

Result<int> hosts(const std::string& file, const Context& context) {
  const auto config = TRY(read_config(file));
  const auto store = TRY(server::open_sqlite(fs::path(config.directory) / "suture.db"));
  std::vector<View> views;
  for (const auto& host : TRY(store->hosts())) views.push_back(TRY(view(*store, host)));
  if (context.json) {
    fmt::print("{}", json::to_text(views));
    return 0;
  }
  if (views.empty()) {
    fmt::print("No hosts yet. They enrol with a token: suture-server token create\n");
    return 0;
  }
  constexpr auto row = "{:<36}  {:<24}  {:>5}  {:<8}  {:<8}  {:<20}  {}\n";
  fmt::print(row, "HOST", "NAME", "LEVEL", "STATE", "VERDICT", "LAST REPORT", "HELD");
  for (const auto& each : views)
    fmt::print(row, each.host, each.hostname, each.level, each.state, each.verdict,
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
