// suture build
#include <fmt/format.h>

#include <memory>

#include "builder/build.h"
#include "cli/command.h"
#include "cli/commands.h"

namespace suture::cli {
namespace {

struct Arguments {
  std::string fix, kernel, output = ".", name, key, certificate;
  std::vector<std::string> cves;
  std::size_t max_files = 200;
};

std::string_view plural(std::uint64_t count) { return count == 1 ? "" : "s"; }

void print_functions(const builder::BuildReport& report) {
  for (const auto& object : report.objects) {
    fmt::print("  {}\n", object.name);
    for (const auto& function : object.functions) {
      const auto position = function.position == 0 ? "" : fmt::format(",{}", function.position);
      const auto why = function.why == "promoted" ? fmt::format(" (calls {})", function.through) : std::string();
      fmt::print("    {:<8}  {:<44}  {}{}\n", function.why, function.name + position, function.source, why);
    }
  }
}

void print_report(const builder::BuildReport& report) {
  if (report.outcome == "built") {
    fmt::print("built {} for {}\n", report.module, report.kernel);
    print_functions(report);
    fmt::print("  code match: {} of {} function{} equal to the shipped kernel's\n", report.code_match.matched,
               report.code_match.checked, plural(report.code_match.checked));
  } else if (report.outcome == "no change") {
    fmt::print("no change: the fix compiles to the code that {} runs already\n", report.kernel);
  } else {
    fmt::print("refused for {}:\n", report.kernel);
    for (const auto& refusal : report.refusals) {
      fmt::print("  {}: {}\n    why:    {}\n    advice: {}\n", refusal.code, refusal.place, refusal.reason,
                 refusal.advice);
    }
  }
  for (const auto& warning : report.warnings)
    fmt::print("  warning: {}: {}: {}\n", warning.code, warning.place, warning.reason);
  fmt::print("  {:.1f} s, of which the slowest compile took {:.1f} s; report: {}\n", report.seconds,
             report.slowest_compile, report.name + ".report.json");
}

Result<ExitCode> run(const Arguments& arguments, const Context& context) {
  if (arguments.key.empty() != arguments.certificate.empty()) {
    return fail(Error("--key and --cert belong together").advise("give both, or neither for an unsigned module"));
  }
  auto kit = TRY(kit::open_kit(arguments.kernel));
  builder::BuildRequest request{.fix = arguments.fix,
                                .kit = std::move(kit),
                                .output = arguments.output,
                                .name = arguments.name,
                                .cves = arguments.cves};
  request.max_files = arguments.max_files;
  if (!arguments.key.empty()) request.signing = builder::SigningKey{arguments.key, arguments.certificate};
  const auto report = TRY(builder::build(request, context.progress));
  if (context.json) {
    fmt::print("{}", builder::to_json(report));
  } else {
    print_report(report);
  }
  if (report.outcome == "built") return ExitCode::success;
  return report.outcome == "refused" ? ExitCode::refused : ExitCode::no_change;
}

}  // namespace

void add_build_command(Program& program) {
  auto arguments = std::make_shared<Arguments>();
  auto& command =
      program.command(program.app(), "build", "Build a live patch from a source diff",
                      "suture build fix.patch --kernel 6.1.0-53-amd64\n"
                      "suture build fix.patch --kernel 6.1.0-53-amd64 --output out --name net_fix --cve CVE-2026-12345",
                      [arguments](const Context& context) { return run(*arguments, context); });
  command.add_option("FIX", arguments->fix, "the fix: a unified diff against the kernel's source")->required();
  command.add_option("--kernel", arguments->kernel, "the kernel's release, of which there is a kit")->required();
  command.add_option("--output", arguments->output, "where NAME.ko and NAME.report.json go")->capture_default_str();
  command.add_option("--name", arguments->name, "the module's name (default: the fix's file name)");
  command.add_option("--cve", arguments->cves,
                     "a CVE that the fix mends, besides those that it names; may be repeated");
  command.add_option("--max-files", arguments->max_files, "refuse a fix to a file that more sources include")
      ->capture_default_str();
  command.add_option("--key", arguments->key, "sign the module with this private key (PEM)");
  command.add_option("--cert", arguments->certificate, "the key's certificate (PEM)");
}

}  // namespace suture::cli
