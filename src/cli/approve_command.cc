// suture approve
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/draft_options.h"
#include "cli/resolve.h"
#include "cli/session.h"
#include "publishing/key_file.h"
#include "trust/decision/approval.h"

namespace suture::cli {
namespace {

struct ApproveArguments {
  std::string id, key, digest, name;
  PassphraseOptions passphrase;
};

Result<ExitCode> approve(const ApproveArguments& arguments, const Context& context) {
  auto session = TRY(Session::open());
  const auto key = TRY(publishing::read_private_key(
      arguments.key, [&] { return read_passphrase(arguments.passphrase, arguments.key, false); }));
  const auto id = TRY(rollout_id(session, arguments.id));
  const auto document = TRY(trust::sign_approval({id, arguments.digest, arguments.name}, key));
  const auto answer = TRY(session.post("/v1/rollouts/" + id + "/approvals", document));
  if (context.json)
    fmt::print("{}", answer);
  else
    fmt::print("approved {}\n", id);
  return ExitCode::success;
}

}  // namespace

void add_approve_command(Program& program) {
  const auto given = std::make_shared<ApproveArguments>();
  auto command = program.command(program.app(), "approve", "Approve a rollout: sign its plan's digest with your key",
                                 "  suture approve 0f8e --digest 3c1a… --as grace --key grace.key",
                                 [given](const Context& context) { return approve(*given, context); });
  command.add_option("ROLLOUT", given->id, "Its id, or how it begins").required();
  command.add_option("--digest", given->digest, "Of the plan that you have read: suture rollout show prints it")
      .type_name("SHA256")
      .required();
  command.add_option("--as", given->name, "Your name to the server").type_name("NAME").required();
  command.add_option("--key", given->key, "Your private key; it stays here").type_name("FILE").required();
  add_passphrase_options(command, given->passphrase);
}

}  // namespace suture::cli
