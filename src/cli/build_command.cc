// suture build
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>

#include "base/json.h"
#include "base/parallel.h"
#include "builder/build.h"
#include "cli/accept_option.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/findings.h"
#include "trust/level/words.h"

namespace suture::cli {
namespace {

struct BuildArguments {
  std::string output = ".", name, key, certificate, objects;
  std::vector<std::string> fixes, kernels, cves, accepted;
  std::size_t max_files = 200;
};

std::string no_cve(const std::string& text) {
  return trust::is_cve(text) ? "" : fmt::format("'{}' is not of the form CVE-2026-12345", text.substr(0, 40));
}

void print_functions(const builder::BuildReport& report) {
  for (const auto& object : report.objects) {
    fmt::print("  {}\n", object.name);
    for (const auto& function : object.functions) {
      const auto position = function.position == 0 ? "" : fmt::format(",{}", function.position);
      const auto why = function.why == "promoted" ? fmt::format(" (calls {})", function.through) : std::string();
      fmt::print("    {:<8}  {:<44}  {}{}\n", function.why, function.name + position, function.source, why);
      for (const auto& [inlined, place] : function.inlined)
        fmt::print("    {:<8}  {:<44}  {}\n", "", "  with its own copy of " + inlined, place);
    }
  }
}

// A header's fix compiles many files: the slowest alone would leave most of the time unexplained.
std::string time_taken(const builder::BuildReport& report) {
  if (report.slowest_compile == 0) return fmt::format("{:.1f} s, nothing had to be compiled", report.seconds);
  return fmt::format("{:.1f} s, of which the slowest compile took {:.1f} s; all compiles: {:.1f} CPU s", report.seconds,
                     report.slowest_compile, report.compile_cpu_seconds);
}

void print_report(const builder::BuildReport& report, const fs::path& output) {
  if (report.outcome == "built") {
    fmt::print("built {} for {}\n", report.module, report.kernel);
    print_functions(report);
    fmt::print("  code match: {} of {} function{} equal to the shipped kernel's\n", report.code_match.matched,
               report.code_match.checked, plural(report.code_match.checked));
  } else if (report.outcome == "no change") {
    fmt::print("no change: the fix compiles to the code that {} runs already\n", report.kernel);
  } else {
    fmt::print("refused for {}:\n", report.kernel);
  }
  fmt::print("{}", findings(report.refusals, report.warnings));
  fmt::print("  {}; report: {}\n", time_taken(report), (output / (report.name + ".report.json")).string());
}

builder::BuildRequest request_for(const BuildArguments& arguments, kit::Kit kit) {
  builder::BuildRequest request{.fixes = {arguments.fixes.begin(), arguments.fixes.end()},
                                .kit = std::move(kit),
                                .output = arguments.output,
                                .name = arguments.name,
                                .cves = arguments.cves};
  request.accepted = {arguments.accepted.begin(), arguments.accepted.end()};
  request.max_files = arguments.max_files;
  request.objects = arguments.objects;
  if (!arguments.key.empty()) request.signing = builder::SigningKey{arguments.key, arguments.certificate};
  return request;
}

ExitCode exit_code(const builder::BuildReport& report) {
  if (report.outcome == "built") return ExitCode::success;
  return report.outcome == "refused" ? ExitCode::refused : ExitCode::no_change;
}

Result<ExitCode> build_for_one(const BuildArguments& arguments, const Context& context) {
  auto kit = TRY(kit::open_kit(arguments.kernels.front()));
  const auto report = TRY(builder::build(request_for(arguments, std::move(kit)), context.progress));
  if (context.json) {
    fmt::print("{}", builder::to_json(report));
  } else {
    print_report(report, arguments.output);
  }
  return exit_code(report);
}

// What became of the fixes on one of several kernels.
using Outcome = Result<builder::BuildReport>;

std::string row(const std::string& kernel, const Outcome& outcome) {
  if (!outcome) return fmt::format("{:<28}  {:<9}  {}", kernel, "failed", outcome.error().message());
  std::size_t functions = 0;
  for (const auto& object : outcome->objects) functions += object.functions.size();
  std::set<std::string_view> codes;
  for (const auto& refusal : outcome->refusals) codes.insert(refusal.code);
  const auto what = codes.empty() ? outcome->module : fmt::format("{}", fmt::join(codes, ", "));
  return fmt::format("{:<28}  {:<9}  {:>9}  {:>7.1f}  {}", kernel, outcome->outcome, functions, outcome->seconds, what);
}

// What was found of each kernel: once for those of which it is the same.
void print_findings(const std::vector<std::string>& kernels, const std::vector<Outcome>& outcomes) {
  std::vector<std::pair<std::string, std::vector<std::string>>> found;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const auto text = outcomes[i] ? findings(outcomes[i]->refusals, outcomes[i]->warnings) : std::string();
    if (text.empty()) continue;
    auto same = std::ranges::find(found, text, [](const auto& one) { return one.first; });
    if (same == found.end()) same = found.insert(found.end(), {text, {}});
    same->second.push_back(kernels[i]);
  }
  for (const auto& [text, those] : found) fmt::print("{}:\n{}\n", fmt::join(those, ", "), text);
}

void print_table(const std::vector<std::string>& kernels, const std::vector<Outcome>& outcomes) {
  fmt::print("{:<28}  {:<9}  {:>9}  {:>7}  {}\n", "kernel", "outcome", "functions", "seconds",
             "live patch, or why not");
  for (std::size_t i = 0; i < kernels.size(); ++i) fmt::print("{}\n", row(kernels[i], outcomes[i]));
}

void print_json(const std::vector<std::string>& kernels, const std::vector<Outcome>& outcomes) {
  boost::json::array all;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    if (outcomes[i]) {
      all.push_back(boost::json::value_from(*outcomes[i]));
    } else {
      all.push_back({{"outcome", "failed"}, {"kernel", kernels[i]}, {"error", outcomes[i].error().describe()}});
    }
  }
  fmt::print("{}", json::pretty(all));
}

// The worst of all: one kernel that a fix cannot be built for must not be overlooked.
ExitCode exit_code(const std::vector<Outcome>& outcomes) {
  const auto any = [&](ExitCode code) {
    return std::any_of(outcomes.begin(), outcomes.end(), [&](const Outcome& outcome) {
      return (outcome ? exit_code(*outcome) : ExitCode::failed) == code;
    });
  };
  for (const auto code : {ExitCode::failed, ExitCode::refused, ExitCode::success}) {
    if (any(code)) return code;
  }
  return ExitCode::no_change;
}

Result<ExitCode> build_for_many(const BuildArguments& arguments, const Context& context) {
  const auto& kernels = arguments.kernels;
  context.progress.stage("building");
  std::vector<Outcome> outcomes(kernels.size());
  std::mutex mutex;
  std::size_t done = 0;
  const auto build_one = [&](std::size_t i) -> Status {
    outcomes[i] = [&]() -> Outcome {
      auto kit = TRY(kit::open_kit(kernels[i]));
      auto request = request_for(arguments, std::move(kit));
      request.output /= kernels[i];
      if (!request.objects.empty()) request.objects /= kernels[i];
      return builder::build(request, no_progress());
    }();
    const std::lock_guard lock(mutex);
    context.progress.at(++done, kernels.size());
    return {};
  };
  TRY(for_each_parallel(kernels.size(), build_one));
  context.progress.stage("");
  if (context.json) {
    print_json(kernels, outcomes);
  } else {
    print_findings(kernels, outcomes);
    print_table(kernels, outcomes);
  }
  return exit_code(outcomes);
}

Result<ExitCode> run(const BuildArguments& arguments, const Context& context) {
  if (arguments.key.empty() != arguments.certificate.empty()) {
    return fail(Error("--key and --cert belong together").advise("give both, or neither for an unsigned module"));
  }
  return arguments.kernels.size() == 1 ? build_for_one(arguments, context) : build_for_many(arguments, context);
}

}  // namespace

void add_build_command(Program& program) {
  auto arguments = std::make_shared<BuildArguments>();
  auto command = program.command(program.app(), "build", "Build a live patch from source diffs",
                                 "  suture build fix.patch --kernel 6.1.0-53-amd64\n"
                                 "  suture build fix.patch --kernel 6.1.0-53-amd64 --output out --name net_fix\n"
                                 "  suture build one.patch two.patch --name level_2 --cve CVE-2026-12345 \\\n"
                                 "    --kernel 6.1.0-53-amd64 --kernel 6.1.0-54-amd64",
                                 [arguments](const Context& context) { return run(*arguments, context); });
  command
      .add_option("FIX", arguments->fixes,
                  "Unified diff against the kernel's source; several become one live patch, in this order")
      .required()
      .type_name("FILE.patch");
  command
      .add_option("--kernel", arguments->kernels,
                  "Kernel release; its kit must be there. May be repeated: each has a directory then")
      .required()
      .type_name("RELEASE")
      .one_at_a_time();
  command.add_option("--output", arguments->output, "Where NAME.ko, NAME.report.json and NAME.data-callbacks.patch go")
      .type_name("DIR")
      .show_default();
  command
      .add_option("--name", arguments->name,
                  "The module's name (default: livepatch_ and the file name of the only fix)")
      .type_name("NAME");
  command
      .add_option("--cve", arguments->cves, "A CVE that is mended, besides those that the fixes name; may be repeated")
      .type_name("ID")
      .one_at_a_time()
      .check(no_cve);
  add_accept_option(command, arguments->accepted);
  command
      .add_option(
          "--max-files", arguments->max_files,
          "Refuse a fix to a file that more sources include, or whose callers more files would have to be searched for")
      .type_name("N")
      .show_default();
  command
      .add_option("--keep-objects", arguments->objects,
                  "Write the pairs of objects that differ here too, for suture diff and other tools")
      .type_name("DIR");
  command.add_option("--key", arguments->key, "Sign the module with this private key (PEM)").type_name("FILE");
  command.add_option("--cert", arguments->certificate, "The key's certificate (PEM)").type_name("FILE");
}

}  // namespace suture::cli
