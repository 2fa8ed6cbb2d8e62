// suture prove
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "kit/kit.h"
#include "lab/prove.h"

namespace suture::cli {
namespace {

struct ProveArguments {
  std::string file, cases, kernel, before, after, over;
  std::string cpu = "max", options;
  std::size_t guests = lab::Lab{}.guests;
  bool no_kvm = false;
};

std::optional<fs::path> path_if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<fs::path>(text);
}

// [{"live_patch": FILE, "before": SCRIPT, "after": SCRIPT, "over": FILE}, …]; all but the first may
// be missing.
Result<std::vector<lab::ProofCase>> read_cases(const fs::path& path) {
  const auto bad = [&](std::size_t number) {
    return fail("{}: case {} is not an object of the strings live_patch, before, after, over", path.string(), number);
  };
  const auto text = TRY(read_text(path));
  const auto parsed = TRY(json::parse(text, path.string()));
  const auto* list = parsed.if_array();
  if (list == nullptr) return fail("{}: is not a JSON array of cases", path.string());
  std::vector<lab::ProofCase> cases;
  for (const auto& entry : *list) {
    const auto number = cases.size() + 1;
    const auto* members = entry.if_object();
    if (members == nullptr) return bad(number);
    auto& one = cases.emplace_back();
    for (const auto& [key, value] : *members) {
      if (!value.is_string()) return bad(number);
      const fs::path file = value.get_string().c_str();
      if (key == "live_patch") {
        one.live_patch = file;
      } else if (key == "before") {
        one.before = file;
      } else if (key == "after") {
        one.after = file;
      } else if (key == "over") {
        one.over = file;
      } else {
        return bad(number);
      }
    }
    if (one.live_patch.empty()) return bad(number);
  }
  return cases;
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += fmt::format("    {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void print_section(std::string_view title, std::string_view text) {
  if (!text.empty()) fmt::print("  {}:\n{}", title, indented(text));
}

void print(const lab::Proof& proof) {
  fmt::print("{}: {} on {} ({}, {} boots, {:.1f} s)\n", proof.live_patch, proof.proven() ? "proven" : "NOT proven",
             proof.kernel, proof.accelerator == "kvm" ? "KVM" : "emulated", proof.boots, proof.seconds);
  for (const auto& failure : proof.failures) fmt::print("  failure: {}\n", failure);
  for (const auto& object : proof.objects)
    fmt::print("  object {}: {}{}\n", object.object, object.state,
               object.detail.empty() ? "" : " (" + object.detail + ")");
  for (const auto& transition : proof.transitions) {
    fmt::print("  {} {}: {}\n", transition.direction, transition.live_patch,
               transition.milliseconds ? fmt::format("{:.0f} ms", *transition.milliseconds) : "did not end");
  }
  // What the scripts saw, in the order of the phases: without, with, and after the live patch.
  std::set<std::string> shown;
  for (const auto& step : proof.steps) {
    const bool is_script = step.step.starts_with("before (") || step.step.starts_with("after (");
    if (!is_script || !step.ok || step.said.empty() || !shown.insert(step.step + step.said).second) continue;
    print_section(step.step, step.said);
  }
  if (proof.proven()) return;
  for (const auto& step : proof.steps) {
    if (!step.ok) print_section(fmt::format("'{}' in the {} boot said", step.step, step.boot), step.said);
  }
  print_section("new in the kernel log", fmt::format("{}", fmt::join(proof.new_log, "\n")));
  print_section("the kernel's last words", proof.oops);
  print_section("tasks that blocked the transition", proof.blocking);
  print_section("end of the console", proof.console);
}

Result<ExitCode> prove(const ProveArguments& arguments, const Context& context) {
  const auto kit = TRY(kit::open_kit(arguments.kernel));
  const auto cache = TRY(kit::cache_directory());
  const lab::Lab lab{.vmlinuz = kit.vmlinuz(),
                     .modules_root = kit.modules(),
                     .release = kit.release,
                     .cache = cache,
                     .allow_kvm = !arguments.no_kvm,
                     .cpu = arguments.cpu,
                     .kernel_options = arguments.options,
                     .guests = arguments.guests};
  std::vector<lab::ProofCase> cases;
  if (!arguments.cases.empty()) {
    cases = TRY(read_cases(arguments.cases));
  } else {
    cases.push_back({.live_patch = arguments.file,
                     .over = path_if_given(arguments.over),
                     .before = path_if_given(arguments.before),
                     .after = path_if_given(arguments.after)});
  }
  const auto proofs = TRY(lab::prove_many(lab, cases, context.progress));
  context.progress.stage("");
  if (context.json) {
    fmt::print("{}", arguments.cases.empty() ? lab::to_json(proofs.front()) : lab::to_json(proofs));
  } else {
    for (const auto& proof : proofs) print(proof);
  }
  const bool all = std::all_of(proofs.begin(), proofs.end(), [](const lab::Proof& proof) { return proof.proven(); });
  return all ? ExitCode::success : ExitCode::failed;
}

}  // namespace

void add_prove_command(Program& program) {
  const auto given = std::make_shared<ProveArguments>();
  auto command = program.command(program.app(), "prove",
                                 "Boot the shipped kernel in a VM, with a live patch and without, and compare",
                                 "  suture prove livepatch_fix.ko --kernel 6.1.0-53-amd64\n"
                                 "  suture prove livepatch_fix.ko --kernel 6.1.0-53-amd64 \\\n"
                                 "    --before old-behaviour.sh --after new-behaviour.sh\n"
                                 "  suture prove level2.ko --kernel 6.1.0-53-amd64 --over level1.ko --json\n"
                                 "  suture prove --cases all.json --kernel 6.1.0-53-amd64\n"
                                 "\n"
                                 "Scripts are run by busybox in the VM and exit with 0 if the kernel behaves as\n"
                                 "expected: BEFORE without the live patch, also after it has gone, AFTER with it.\n"
                                 "PHASE is baseline, before, patched or reverted. A line '# modules: NAME...' has\n"
                                 "shipped modules inserted, '# with: FILE...' brings files beside the script.",
                                 [given](const Context& context) { return prove(*given, context); });
  auto file = command.add_option("FILE", given->file, "Live patch").type_name("FILE.ko");
  auto cases = command
                   .add_option("--cases", given->cases,
                               "Prove many, in as few boots as can be: a JSON array of objects with live_patch and, "
                               "if wanted, before, after and over")
                   .type_name("FILE")
                   .excludes(file);
  command.require("FILE or --cases", [given] { return !given->file.empty() || !given->cases.empty(); });
  command.add_option("--kernel", given->kernel, "Kernel release; its kit must be there")
      .type_name("RELEASE")
      .required();
  const auto add_file = [&](const char* name, std::string& target, const char* type, const char* description) {
    command.add_option(name, target, description).type_name(type).excludes(cases);
  };
  add_file("--before", given->before, "SCRIPT", "Passes on the kernel without the live patch");
  add_file("--after", given->after, "SCRIPT", "Passes on the kernel with the live patch");
  add_file("--over", given->over, "OLD.ko", "Load this one first, and see it replaced");
  command.add_option("--guests", given->guests, "With --cases: that many guests at once, and one for the baseline")
      .type_name("N")
      .show_default()
      .check([](const std::string& text) { return text == "0" ? "has to be 1 at least" : ""; });
  command.add_flag("--no-kvm", given->no_kvm, "Emulate, even if KVM works");
  command.add_option("--cpu", given->cpu, "QEMU's CPU model").type_name("MODEL").show_default();
  command.add_option("--kernel-options", given->options, "Added to the kernel's command line: 'retbleed=unret'")
      .type_name("OPTIONS");
}

}  // namespace suture::cli
