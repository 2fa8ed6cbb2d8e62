// suture-server audit export
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "server/domain/audit.h"
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

Result<int> verify(const std::string& file, const std::string& checkpoint) {
  const auto text = TRY(read_text(file));
  const auto last = TRY(server::verify_audit(text, file));
  if (!checkpoint.empty() && text.find(fmt::format("\"digest\":\"{}\"", checkpoint)) == std::string::npos)
    return fail("{}: has no entry with the digest {}: what was written before that checkpoint was changed", file,
                checkpoint);
  fmt::print("{} entries, unbroken; the last has the digest {}\n", last ? last->sequence : 0,
             last ? last->digest : "-");
  return 0;
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
  const auto file = std::make_shared<std::string>();
  const auto checkpoint = std::make_shared<std::string>();
  auto command = program.command(group, "verify", "Hold an export against its own chain of digests, offline",
                                 "  suture-server audit verify audit.jsonl\n"
                                 "  suture-server audit verify audit.jsonl --checkpoint 3f…",
                                 [file, checkpoint](const Context&) { return verify(*file, *checkpoint); });
  command.add_option("FILE", *file, "What export printed").required();
  command.add_option("--checkpoint", *checkpoint, "A digest that was noted elsewhere, which must be among them")
      .type_name("DIGEST");
}

}  // namespace suture::server_cli
