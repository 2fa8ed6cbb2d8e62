// suture-server run
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/file.h"
#include "server/authority/certificates.h"
#include "server/domain/overview/matrix.h"
#include "server/http/answer.h"
#include "server/store/sqlite.h"
#include "server_cli/catalogue_runner.h"
#include "server_cli/check_runner.h"
#include "server_cli/clock.h"
#include "server_cli/commands.h"
#include "server_cli/listener.h"
#include "server_cli/webhook_sender.h"

namespace suture::server_cli {
namespace {

Result<int> run(const std::string& file) {
  const auto config = TRY(read_config(file));
  const fs::path directory = config.directory;
  const auto store = TRY(server::open_sqlite(directory / "suture.db"));
  const auto authority = TRY(server::Certificates::open(directory));
  const auto pem = TRY(read_text(directory / "assignment.key"));
  const auto key = TRY(trust::ed25519::PrivateKey::from_pem(pem, {}, (directory / "assignment.key").string()));
  CatalogueRunner catalogue({config.repository, directory / "root.json", directory / "repository"});
  if (const auto& failure = catalogue.offers()->failure; !failure.empty())
    fmt::print(stderr, "repository: {}\n", failure);
  server::Fleet fleet(*store, authority, catalogue, key);
  CheckRunner checks;
  server::Policies policies(*store);
  server::Rollouts rollouts(*store, catalogue, policies, checks, key);
  server::Logins logins(*store);
  server::Strangers strangers;
  server::Parts parts{*store, catalogue, policies, fleet, rollouts, logins, strangers, key};
  WebhookSender webhooks(directory / "suture.db");
  TRY(listen({.directory = directory,
              .address = config.address,
              .port = config.port,
              .listening =
                  [&](std::uint16_t port) {
                    fmt::print("listening on {}:{}\n", config.address, port);
                    std::fflush(stdout);
                  },
              .tick =
                  [&] {
                    const bool looked = catalogue.take_news();
                    if (looked) {
                      const auto noted = server::note_seen_levels(*store, *catalogue.offers(), now());
                      if (!noted) fmt::print(stderr, "catalogue: {}\n", noted.error().describe());
                    }
                    const auto decided = rollouts.tick(now());
                    if (!decided) fmt::print(stderr, "rollouts: {}\n", decided.error().message);
                    if (decided.value_or(false)) webhooks.wake();
                    return looked || decided.value_or(false);
                  }},
             [&](const server::Request& request) {
               auto answer = server::answer(parts, request, now());
               if (!answer.failure.empty())
                 fmt::print(stderr, "{} {}: {}\n", request.method, request.target, answer.failure);
               if (request.method != "GET") webhooks.wake();
               return answer;
             }));
  return 0;
}

}  // namespace

void add_run_command(Program& program) {
  const auto config = std::make_shared<std::string>();
  program
      .command(program.app(), "run", "Serve until SIGTERM",
               "  suture-server run --config /var/lib/suture-server/server.json",
               [config](const Context&) { return run(*config); })
      .add_option("--config", *config, "server.json of suture-server init; port 0 is any")
      .type_name("FILE")
      .required();
}

}  // namespace suture::server_cli
