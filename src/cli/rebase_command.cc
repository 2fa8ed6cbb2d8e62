// suture rebase
#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "builder/fix/rebase.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/findings.h"
#include "kit/kit.h"

namespace suture::cli {
namespace {

struct RebaseArguments {
  std::string fix, from, to, output;
};

void print_report(const builder::RebaseReport& report, const RebaseArguments& arguments) {
  if (report.outcome == "applies") {
    fmt::print("{} applies to {}\n", report.fix, arguments.to);
  } else if (report.outcome == "already applied") {
    fmt::print("{} has {} already\n", arguments.to, report.fix);
  } else {
    fmt::print("{} does not apply to {}\n", report.fix, arguments.to);
  }
  for (const auto& file : report.files) {
    fmt::print("  {:<15}  {}\n", file.state, file.path);
    for (const auto& hunk : file.moved) fmt::print("  {:<15}    {}\n", "", hunk);
  }
  fmt::print("{}", findings(report.refusals));
}

Result<ExitCode> run(const RebaseArguments& arguments, const Context& context) {
  const auto from = TRY(kit::open_kit(arguments.from));
  const auto to = TRY(kit::open_kit(arguments.to));
  const auto report = TRY(builder::rebase(arguments.fix, from.source(), to.source()));
  if (!arguments.output.empty() && !report.diff.empty()) TRY(write_text(arguments.output, report.diff));
  if (context.json) {
    fmt::print("{}", json::to_text(report));
  } else {
    print_report(report, arguments);
  }
  if (report.outcome == "applies") return ExitCode::success;
  return report.outcome == "refused" ? ExitCode::refused : ExitCode::no_change;
}

}  // namespace

void add_rebase_command(Program& program) {
  auto arguments = std::make_shared<RebaseArguments>();
  auto command = program.command(program.app(), "rebase",
                                 "Say whether a fix for one kernel applies to another, and what of it moved",
                                 "  suture rebase fix.patch --from 6.1.0-53-amd64 --to 6.1.0-54-amd64\n"
                                 "  suture rebase fix.patch --from 6.1.0-53-amd64 \\\n"
                                 "    --to 6.1.0-54-amd64 --output fix-54.patch",
                                 [arguments](const Context& context) { return run(*arguments, context); });
  command.add_option("FIX", arguments->fix, "Unified diff against the first kernel's source")
      .required()
      .type_name("FILE.patch");
  command.add_option("--from", arguments->from, "The kernel that the fix was made for; its kit must be there")
      .required()
      .type_name("RELEASE");
  command.add_option("--to", arguments->to, "The other kernel").required().type_name("RELEASE");
  command.add_option("--output", arguments->output, "Write the fix as a diff against the other kernel's source")
      .type_name("FILE");
}

}  // namespace suture::cli
