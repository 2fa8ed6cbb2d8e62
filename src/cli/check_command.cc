// suture check
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "base/json.h"
#include "builder/shipped.h"
#include "check/check.h"
#include "check/shipped_kernel.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "kit/kit.h"

namespace suture::cli {
namespace {

struct CheckArguments {
  std::string file, kernel;
};

// What --json prints; the names are promised.
struct FindingView {
  std::string id, place, reason;
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (id, place, reason))

struct ExaminedView {
  std::string what;
  std::uint64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(ExaminedView, (), (what, count))

struct ReportView {
  std::string module, kernel;
  bool clean = false;
  std::vector<FindingView> findings, notes;
  std::vector<ExaminedView> examined;
};
BOOST_DESCRIBE_STRUCT(ReportView, (), (module, kernel, clean, findings, notes, examined))

std::vector<FindingView> view(const std::vector<check::Finding>& findings) {
  std::vector<FindingView> views;
  for (const auto& each : findings) views.push_back({each.id, each.place, each.reason});
  return views;
}

ReportView view(const check::CheckReport& report) {
  ReportView result{.module = report.module,
                    .kernel = report.kernel,
                    .clean = report.is_clean(),
                    .findings = view(report.findings),
                    .notes = view(report.notes),
                    .examined = {}};
  for (const auto& each : report.examined) result.examined.push_back({each.what, each.count});
  return result;
}

void print(const std::string& file, const check::CheckReport& report) {
  fmt::print("{}: live patch {} for {}\n", file, report.module, report.kernel);
  for (const auto& each : report.examined)
    if (each.count != 0) fmt::print("  {:>8}  {}\n", each.count, each.what);
  for (const auto& each : report.findings) fmt::print("finding {}: {} {}\n", each.id, each.place, each.reason);
  for (const auto& each : report.notes) fmt::print("note {}: {} {}\n", each.id, each.place, each.reason);
  if (report.is_clean())
    fmt::print("clean: it loads into this kernel, and does what it says\n");
  else
    fmt::print("{} {}; what each means is in docs/checks.md\n", report.findings.size(),
               report.findings.size() == 1 ? "finding" : "findings");
}

Result<ExitCode> check(const CheckArguments& arguments, const Context& context) {
  const auto kit = TRY(kit::open_kit(arguments.kernel));
  const auto file = TRY(read_file(arguments.file));
  context.progress.stage("reading the shipped kernel");
  const auto image = TRY(builder::open_image(kit));
  const auto exports = TRY(read_text(kit.symvers()));
  const auto symvers = TRY(image::Symvers::parse(exports, kit.symvers().string()));
  const auto shipped = TRY(check::ShippedKernel::open(image, symvers, kit.modules()));
  context.progress.stage("checking");
  const auto report = TRY(check::check_module(file, arguments.file, *shipped));
  context.progress.stage("");
  if (context.json)
    fmt::print("{}", json::to_text(view(report)));
  else
    print(arguments.file, report);
  return report.is_clean() ? ExitCode::success : ExitCode::refused;
}

}  // namespace

void add_check_command(Program& program) {
  const auto arguments = std::make_shared<CheckArguments>();
  auto command =
      program.command(program.app(), "check", "Verify a finished live patch against the shipped kernel",
                      "  suture check livepatch_fix.ko --kernel 6.1.0-53-amd64\n"
                      "  suture check livepatch_fix.ko --kernel 6.1.0-53-amd64 --json \\\n    | jq '.findings[].id'",
                      [arguments](const Context& context) { return check(*arguments, context); });
  command.add_option("FILE", arguments->file, "The live patch, a .ko file").required();
  command.add_option("--kernel", arguments->kernel, "Kernel release; its kit must be there")
      .required()
      .type_name("RELEASE");
}

}  // namespace suture::cli
