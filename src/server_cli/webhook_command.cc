// suture-server webhook add | list | remove
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "base/words.h"
#include "server/domain/webhooks/webhooks.h"
#include "server/store/sqlite.h"
#include "server_cli/clock.h"
#include "server_cli/commands.h"
#include "trust/tuf/time.h"

namespace suture::server_cli {
namespace {

struct WebhookArguments {
  std::string config, url, id, events;
};

Result<std::unique_ptr<server::Store>> open(const std::string& file) {
  const auto config = TRY(read_config(file));
  return server::open_sqlite(fs::path(config.directory) / "suture.db");
}

Result<int> add(const WebhookArguments& arguments, const Context& context) {
  std::vector<std::string> words;
  for (std::string_view rest = arguments.events; !rest.empty();) words.emplace_back(take_until(rest, ','));
  const auto store = TRY(open(arguments.config));
  const auto made = TRY(server::make_webhook(*store, arguments.url, words, now()));
  if (context.json)
    fmt::print("{}", json::pretty({{"id", made.id}, {"secret", made.secret}}));
  else
    fmt::print("{}\n  secret {}\n", made.id, made.secret);
  return 0;
}

struct WebhookRow {
  std::string id, url;
  std::vector<std::string> events;
  std::int64_t behind = 0, failures = 0;
  std::string failed, failure;
};
BOOST_DESCRIBE_STRUCT(WebhookRow, (), (id, url, events, behind, failures, failed, failure))

Result<int> list(const WebhookArguments& arguments, const Context& context) {
  const auto store = TRY(open(arguments.config));
  std::vector<WebhookRow> rows;
  for (const auto& each : TRY(store->webhooks())) {
    const auto behind = TRY(server::behind(*store, each));
    rows.push_back({each.id, each.url, each.words, behind, each.failures,
                    each.failure.empty() ? "" : trust::tuf::format_time(each.failed), each.failure});
  }
  if (context.json) {
    fmt::print("{}", json::to_text(rows));
    return 0;
  }
  constexpr auto line = "{:<8}  {:>6}  {:>8}  {:<40}  {}\n";
  fmt::print(line, "WEBHOOK", "BEHIND", "FAILURES", "ADDRESS", "LAST FAILURE");
  for (const auto& each : rows)
    fmt::print(line, each.id, each.behind, each.failures, each.url,
               each.failure.empty() ? "none" : each.failed + "  " + each.failure);
  return 0;
}

Result<int> remove(const WebhookArguments& arguments, const Context& context) {
  const auto store = TRY(open(arguments.config));
  TRY(server::remove_webhook(*store, arguments.id, now()));
  if (context.json)
    fmt::print("{}", json::pretty({{"id", arguments.id}}));
  else
    fmt::print("removed {}\n", arguments.id);
  return 0;
}

}  // namespace

void add_webhook_command(Program& program) {
  auto group = program.group("webhook", "Addresses that are told what the audit says");
  const auto given = std::make_shared<WebhookArguments>();
  const auto add_config = [given](command_line::Command& command) {
    command.add_option("--config", given->config, "server.json of suture-server init").type_name("FILE").required();
  };
  auto add_command = program.command(group, "add", "Add one; the secret that signs what it is sent is shown once",
                                     "  suture-server webhook add https://chat.example.org/suture \\\n"
                                     "    --config server.json --events created,breach,held",
                                     [given](const Context& context) { return add(*given, context); });
  add_command.add_option("URL", given->url, "Where it is sent").required();
  add_config(add_command);
  add_command.add_option("--events", given->events, "Of WORD,WORD: only entries that have one (all)")
      .type_name("WORDS");
  auto list_command = program.command(group, "list", "List them: how far behind each is, and why",
                                      "  suture-server webhook list --config server.json",
                                      [given](const Context& context) { return list(*given, context); });
  add_config(list_command);
  auto remove_command =
      program.command(group, "remove", "Remove one", "  suture-server webhook remove 3f9c01d2 --config server.json",
                      [given](const Context& context) { return remove(*given, context); });
  remove_command.add_option("ID", given->id, "Of webhook list").required();
  add_config(remove_command);
}

}  // namespace suture::server_cli
