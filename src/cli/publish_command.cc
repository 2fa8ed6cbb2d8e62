// suture publish
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "cli/fetch_options.h"
#include "publishing/publish.h"

namespace suture::cli {
namespace {

struct PublishArguments {
  std::string repository, draft = "draft";
  std::vector<std::string> keys;
  bool timestamp_only = false;
  PassphraseOptions passphrase;
};

Result<ExitCode> run(const PublishArguments& given, const Context& context) {
  const auto now = clock_now();
  const auto keys = TRY(read_keys(given.keys, given.passphrase));
  publishing::Published published;
  if (given.timestamp_only) {
    published = TRY(publishing::renew_timestamp(given.repository, keys, now));
  } else {
    auto directory = TRY(publishing::DraftDirectory::open(given.draft, now));
    published = TRY(publishing::publish(directory, given.repository, keys, now));
  }
  const auto missing = describe(published.missing);
  if (context.json) {
    fmt::print("{}", json::pretty({{"published", published.done},
                                   {"written", boost::json::value_from(published.written)},
                                   {"missing", boost::json::value_from(missing)}}));
  } else if (published.done) {
    fmt::print("{}: published {} file{}\n", given.repository, published.written.size(),
               plural(published.written.size()));
    for (const auto& name : published.written) fmt::print("  {}\n", name);
    for (const auto& each : published.expiries) {
      if (is_soon(each, now)) {
        fmt::print("  WARNING: {} is good until {} only; renew it: suture sign --renew {}\n", each.role,
                   trust::tuf::format_time(each.expires), each.role);
      }
    }
  } else if (missing.empty()) {
    fmt::print("{}: nothing to publish\n", given.repository);
  } else {
    fmt::print(stderr, "suture: error: nothing was published, signatures are missing\n");
    for (const auto& line : missing) fmt::print(stderr, "  {}\n", line);
    fmt::print(stderr,
               "  advice: suture sign adds them to the draft; the timestamp's key may be given here, with --key\n");
  }
  return missing.empty() ? ExitCode::success : ExitCode::failed;
}

}  // namespace

void add_publish_command(Program& program) {
  const auto given = std::make_shared<PublishArguments>();
  auto command = program.command(program.app(), "publish",
                                 "Put a signed draft into a repository's directory, or renew its timestamp",
                                 "  suture publish /srv/suture --key timestamp.key\n"
                                 "  suture publish /srv/suture --timestamp --key timestamp.key",
                                 [given](const Context& context) { return run(*given, context); });
  command.add_option("DIR", given->repository, "What a web server serves; made if it is not there").required();
  command.add_option("--key", given->keys, "A key that is online: the timestamp's")
      .type_name("FILE.key")
      .one_at_a_time();
  command.add_flag("--timestamp", given->timestamp_only, "Renew the timestamp alone: daily, by a timer");
  add_draft_option(command, given->draft);
  add_passphrase_options(command, given->passphrase);
}

}  // namespace suture::cli
