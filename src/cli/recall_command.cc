// suture recall
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace suture::cli {
namespace {

struct RecallArguments {
  std::uint32_t level = 0;
  std::string reason;
};

Result<ExitCode> recall(const RecallArguments& arguments, const Context& context) {
  auto session = TRY(Session::open());
  const boost::json::value body{{"level", arguments.level}, {"reason", arguments.reason}};
  TRY(session.post("/v1/recalls", boost::json::serialize(body)));
  if (context.json)
    fmt::print("{}", json::pretty(body));
  else
    fmt::print("level {} is recalled: no host is told to go to it any more\n", arguments.level);
  return ExitCode::success;
}

}  // namespace

void add_recall_command(Program& program) {
  const auto given = std::make_shared<RecallArguments>();
  auto command =
      program.command(program.app(), "recall", "Stop a level everywhere: no rollout gives it to a host any more",
                      "  suture recall 4 --reason 'it eats files'",
                      [given](const Context& context) { return recall(*given, context); });
  command.add_option("LEVEL", given->level, "Hosts that run it go on running it").required();
  command.add_option("--reason", given->reason, "Why, for those who wonder").type_name("TEXT").required();
}

}  // namespace suture::cli
