#include "agent/preflight/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/words.h"
#include "host/hooks/bpf.h"
#include "host/hooks/hooks.h"
#include "host/inventory/kernel.h"
#include "host/livepatch/foreign.h"
#include "host/livepatch/live_patches.h"
#include "host/module/build_id.h"
#include "host/module/loaded.h"
#include "host/module/taint.h"
#include "host/system/room.h"

namespace suture::agent {
namespace {

using Findings = std::vector<Finding>;

std::string parameter(const StepSpec& step, const std::string& name) {
  const auto found = step.parameters.find(name);
  return found == step.parameters.end() ? std::string() : found->second;
}

void check_kernel(const host::Root& root, const Plan& plan, Findings& findings) {
  if (plan.kernel.empty()) return;
  const auto running = host::kernel_build_id(root);
  if (!running) {
    findings.push_back(
        {"kernel-unknown", "the running kernel's build-id cannot be read: " + running.why(), "/sys must be mounted"});
  } else if (*running != plan.kernel) {
    findings.push_back({"kernel-mismatch",
                        fmt::format("the plan is for the kernel with build-id {}, and {} runs", plan.kernel, *running),
                        "take the level that was made for this kernel"});
  }
}

// "vmlinux=BUILD-ID nf_tables=BUILD-ID": what is loaded must be that build.
void check_objects(const host::Root& root, const StepSpec& step, Findings& findings) {
  const auto objects = parameter(step, "objects");
  for (auto object : words_of(objects)) {
    const std::string name(take_until(object, '='));
    if (name == "vmlinux" || !host::is_loaded(root, name)) continue;
    const auto build_id = host::module_build_id(root, name);
    if (!build_id.is(std::string(object)))
      findings.push_back({"module-mismatch",
                          fmt::format("module {} has build-id {}, and the live patch is for {}", name,
                                      build_id.value_or("unknown"), object),
                          "a module of the same name was built elsewhere (DKMS?); the shipped one must be loaded"});
  }
}

std::set<std::string> ours(const History& history) {
  std::set<std::string> names;
  for (const auto& record : history.plans)
    for (const auto& step : record.plan.steps)
      for (const auto* name : {"to", "from"})
        if (step.kind == "livepatch") names.insert(parameter(step, name));
  return names;
}

/// Live patches that a plan of the configuration names as those that it replaces: whoever wrote it knows of them.
std::set<std::string> taken_over(const Plan& plan) {
  std::set<std::string> names;
  if (plan.subject.starts_with("local "))
    for (const auto& step : plan.steps)
      if (step.kind == "livepatch") names.insert(parameter(step, "from"));
  return names;
}

void check_live_patches(const host::Root& root, const History& history, const Plan& plan, Findings& findings) {
  const auto patches = host::live_patches(root);
  if (!patches) {
    findings.push_back({"no-livepatch", patches.error().describe(), "the kernel must be built with CONFIG_LIVEPATCH"});
    return;
  }
  const auto known = ours(history);
  const auto named = taken_over(plan);
  for (const auto& patch : *patches) {
    const bool is_ours = known.contains(patch.name), is_named = named.contains(patch.name);
    if (!is_ours && is_named) {
      findings.push_back({"takes-over",
                          fmt::format("live patch {} is not this agent's, and the plan replaces it", patch.name),
                          "see that the tool that loaded it does not load it again", false});
    } else if (!is_ours) {
      findings.push_back(
          {"foreign-live-patch",
           fmt::format("live patch {} is loaded, and is not this agent's: replacing it would drop its fixes",
                       patch.name),
           "disable it with the tool that loaded it, leave live patching to that tool, or name it in a local plan's "
           "from"});
    }
    if (patch.transition)
      findings.push_back({"transition-running", fmt::format("live patch {} is in transition", patch.name),
                          "wait for its end; suture-agent doctor names the tasks that block it"});
  }
}

// Systems that patch the kernel without livepatch: it knows nothing of what they changed.
void check_other_systems(const host::Root& root, const History& history, const Plan& plan, Findings& findings) {
  auto names = ours(history);
  names.merge(taken_over(plan));
  for (const auto& each : host::search_other_systems(root, {names.begin(), names.end()}).found) {
    if (!each.active) continue;
    findings.push_back({"foreign-live-patch",
                        fmt::format("{} shows that another system patches this kernel: its fixes and these would not "
                                    "know of one another",
                                    each.evidence),
                        "have that system take its patches back, or leave live patching to it"});
  }
}

void check_hooks(const host::Root& root, const Config& config, const StepSpec& step, Findings& findings) {
  const auto list = parameter(step, "functions");
  std::vector<std::string> functions;
  for (const auto word : words_of(list)) functions.emplace_back(word);
  if (functions.empty()) return;
  const auto hooks = host::find_hooks(root, functions, host::bpf_attachments(root));
  for (const auto& hook : hooks.found) {
    if (hook.kind == host::HookKind::bpf)
      findings.push_back({"bpf-program", fmt::format("{}: {}", hook.function, hook.detail),
                          "it goes on being called; see that it does not keep the fixed code from running", false});
    if (hook.effect == host::HookEffect::shared) continue;
    const auto what = fmt::format("{}: {}", hook.function, hook.detail);
    if (hook.effect == host::HookEffect::refused)
      findings.push_back(
          {"function-redirected", what, "the kernel would refuse the live patch: remove what redirects the function"});
    else
      findings.push_back({"probe-silenced", what, "the probe sees nothing while the live patch is in force",
                          config.refuse_silenced_probes});
  }
  for (const auto& why : hooks.unknown)
    findings.push_back({"probes-unknown", why, "mount tracefs and debugfs to have them looked at", false});
}

void check_taint(const host::Root& root, const Config& config, Findings& findings) {
  const auto taint = host::read_taint(root);
  if (!taint) {
    findings.push_back({"taint-unknown", taint.why(), "/proc must be mounted"});
    return;
  }
  if ((*taint & host::taint::died) != 0)
    findings.push_back(
        {"kernel-damaged", "the kernel has oopsed: nothing is loaded into it or unloaded from it", "reboot the host"});
  if (const auto refused = *taint & config.refuse_taint; refused != 0)
    findings.push_back({"tainted", fmt::format("the kernel is tainted {}", host::taint_letters(refused)),
                        "the configuration refuses such kernels (preflight: refuse-taint)"});
}

void check_room(const host::Root& root, const Config& config, Findings& findings) {
  const auto room = host::room_at(root, config.state);
  if (!room) {
    findings.push_back({"room-unknown", room.error().describe(), "the state directory must be there"});
  } else if (room->read_only) {
    findings.push_back({"state-read-only", config.state + " is on a file system that is mounted read-only",
                        "without a journal nothing is done"});
  } else if (room->free_bytes < config.least_free_bytes) {
    findings.push_back({"no-room",
                        fmt::format("{} has {} MiB free, and {} are asked for", config.state, room->free_bytes >> 20,
                                    config.least_free_bytes >> 20),
                        "make room, or lower preflight: free-mib"});
  }
}

}  // namespace

std::vector<Finding> kill_switches(const host::Root& root, const Config& config) {
  Findings findings;
  const auto command_line = root.line("/proc/cmdline");
  if (command_line && host::kernel_parameter(*command_line, "suture") == "off")
    findings.push_back({"switched-off", "the kernel was booted with suture=off", "boot without it"});
  if (root.has(config.state + "/hold"))
    findings.push_back(
        {"host-held", config.state + "/hold is there: this host is held", "suture-agent release --host"});
  return findings;
}

std::vector<Finding> preflight(const host::Root& root, const Config& config, const History& history, const Plan& plan) {
  auto findings = kill_switches(root, config);
  if (!findings.empty()) return findings;
  check_kernel(root, plan, findings);
  check_taint(root, config, findings);
  check_room(root, config, findings);
  bool patches = false;
  for (const auto& step : plan.steps) {
    if (step.kind != "livepatch") continue;
    if (!patches) {
      check_live_patches(root, history, plan, findings);
      check_other_systems(root, history, plan, findings);
    }
    patches = true;
    check_objects(root, step, findings);
    check_hooks(root, config, step, findings);
  }
  for (const auto& check : config.checks)
    if (const auto passed = run_probe(check); !passed)
      findings.push_back({"check-failed", fmt::format("{}: {}", check.name, passed.error().describe()),
                          "the operator's check must pass first (preflight: checks)"});
  return findings;
}

bool refuses(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& each) { return each.refuses; });
}

}  // namespace suture::agent
