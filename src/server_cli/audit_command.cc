// suture-server audit export
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "server/store/sqlite.h"
#include "server_cli/commands.h"

namespace suture::server_cli {
namespace {

Result<int> export_all(const std::string& file) {
  constexpr std::size_t most = 1000;
  const auto config = TRY(read_config(file));
  const auto store = TRY(server::open_sqlite(fs::path(config.directory) / "suture.db"));
  for (std::int64_t after = 0;;) {
    const auto entries = TRY(store->audit_after(after, "", most));
    if (entries.empty()) return 0;
    for (const auto& each : entries) fmt::print("{}", to_line(each));
    after = entries.back().sequence;
  }
}

}  // namespace

void add_audit_command(Program& program) {
  auto group = program.group("audit", "The record of all that was decided and done");
  const auto config = std::make_shared<std::string>();
  program
      .command(group, "export", "Print it, a line of JSON an entry",
               "  suture-server audit export --config server.json >audit.jsonl",
               [config](const Context&) { return export_all(*config); })
      .add_option("--config", *config, "server.json of suture-server init")
      .type_name("FILE")
      .required();
}

}  // namespace suture::server_cli
