// What runs in the guest of tests/host/run: src/host on a real kernel. Each scenario says "ok NAME" or
// "FAIL NAME: why.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "attach_bpf.h"
#include "base/file.h"
#include "host/health/reading.h"
#include "host/hooks/hooks.h"
#include "host/inventory/inventory.h"
#include "host/inventory/kernel.h"
#include "host/livepatch/blocking.h"
#include "host/livepatch/live_patches.h"
#include "host/livepatch/transition.h"
#include "host/log/events.h"
#include "host/log/kernel_log.h"
#include "host/module/load.h"
#include "host/module/loaded.h"
#include "host/module/taint.h"
#include "host/system/crash.h"
#include "host/system/room.h"
#include "host/system/service.h"
#include "host/system/sysctl.h"
#include "record.h"

namespace {

using namespace suture;
using namespace suture::host;
using namespace std::chrono_literals;

const Root root;

#define EXPECT(condition)                                          \
  do {                                                             \
    if (!(condition)) return fail("{}: {}", __LINE__, #condition); \
  } while (false)

/// A task that sleeps in nanosleep() until it is ended.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    if (pid_ == 0) {
      ::execl("/bin/sleep", "sleep", "1000", nullptr);
      ::_exit(127);
    }
  }
  ~Sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  int pid() const { return pid_; }

 private:
  int pid_;
};

/// Steps until there is something else than moving.
Result<Phase> watch(TransitionWatch& watch) {
  while (true) {
    const auto phase = TRY(watch.step(root, now()));
    if (phase != Phase::moving) return phase;
    std::this_thread::sleep_until(watch.next());
  }
}

Status load(const std::string& file) {
  const auto module = TRY(read_file(file));
  return load_module(module, file);
}

Status unload(const std::string& name) {
  TransitionWatch left(name, Goal::unpatched, now(), 60s);
  const auto phase = TRY(watch(left));
  EXPECT(phase == Phase::reached);
  for (const auto deadline = now() + 60s;;) {
    const auto unloading = TRY(unload_module(name));
    if (unloading == Unloading::unloaded) return {};
    if (now() > deadline) return fail("{} stays in use", name);
    std::this_thread::sleep_for(20ms);
  }
}

Status kernel_is_known() {
  const auto kernel = read_kernel(root);
  EXPECT(kernel.release && kernel.version && kernel.build_id && kernel.command_line && kernel.boot_id);
  EXPECT(kernel.build_id->size() == 40);
  EXPECT(kernel.taint.is(0));
  EXPECT(kernel.uptime && *kernel.uptime > 0);
  std::printf("# %s %s lockdown %s\n", kernel.release->c_str(), kernel.build_id->c_str(),
              kernel.lockdown ? kernel.lockdown->c_str() : kernel.lockdown.why().c_str());
  EXPECT(!is_loaded(root, "both"));
  EXPECT(live_patches(root)->empty());
  return {};
}

Status live_patch_is_loaded_watched_listed_disabled_and_unloaded() {
  TRY(load("/both.ko"));
  TransitionWatch transition("both", Goal::patched, now(), 60s);
  const auto phase = TRY(watch(transition));
  EXPECT(phase == Phase::reached);
  const auto patches = TRY(live_patches(root));
  EXPECT(patches.size() == 1 && patches[0].name == "both" && patches[0].enabled && !patches[0].transition);
  EXPECT(patches[0].objects.size() == 2 && patches[0].objects[1].name == "vmlinux");
  EXPECT(patches[0].objects[1].patched.is(true) && patches[0].objects[0].patched.is(false));
  EXPECT(root.line("/proc/cmdline")->ends_with(" both"));
  EXPECT(patches[0].objects[1].functions.at(0).name == "cmdline_proc_show");

  const auto modules = TRY(loaded_modules(root));
  EXPECT(modules.size() == 1 && modules[0].name == "both" && modules[0].build_id);
  EXPECT(modules[0].signature_valid.is(false) && modules[0].taint == "OEK");
  EXPECT(taint_letters(*read_taint(root)) == "OEK");

  EXPECT(!enable_again(root, "both"));
  EXPECT(unload_module("both").value() == Unloading::in_use);
  const auto twice = load("/both.ko");
  EXPECT(!twice && twice.error().describe().find("loaded already") != std::string::npos);
  TRY(disable(root, "both"));
  TRY(unload("both"));
  EXPECT(unload_module("both").value() == Unloading::absent);
  EXPECT(live_patches(root)->empty());
  return {};
}

Status task_that_sleeps_in_a_patched_function_is_named_and_the_transition_is_turned_back() {
  const Sleeper sleeper;
  while (root.text(fmt::format("/proc/{}/stack", sleeper.pid()))->find("nanosleep") == std::string::npos)
    std::this_thread::sleep_for(10ms);
  TRY(load("/sleeping.ko"));
  TransitionWatch transition("sleeping", Goal::patched, now(), 3s);
  const auto phase = TRY(watch(transition));
  EXPECT(phase == Phase::stalled);
  const auto blocking = TRY(blocking_tasks(root, Goal::patched));
  EXPECT(blocking.count == 1 && blocking.unreadable == 0);
  EXPECT(blocking.tasks[0].process == sleeper.pid() && blocking.tasks[0].name == "sleep");
  EXPECT(blocking.tasks[0].kernel_thread.is(false) && blocking.tasks[0].stack);
  EXPECT(blocking.tasks[0].stack->at(0).find("nanosleep") != std::string::npos);
  for (const auto& frame : *blocking.tasks[0].stack) std::printf("# %s\n", frame.c_str());
  TRY(disable(root, "sleeping"));
  return unload("sleeping");
}

Status transition_ends_when_the_kernel_signals_who_blocks_it() {
  const Sleeper sleeper;
  while (root.text(fmt::format("/proc/{}/stack", sleeper.pid()))->find("nanosleep") == std::string::npos)
    std::this_thread::sleep_for(10ms);
  TRY(load("/sleeping.ko"));
  TransitionWatch transition("sleeping", Goal::patched, now(), 60s);
  const auto phase = TRY(watch(transition));
  EXPECT(phase == Phase::reached);
  std::printf("# the transition took %lld ms\n", static_cast<long long>(transition.waited(now()).count()));
  TRY(disable(root, "sleeping"));
  return unload("sleeping");
}

Status module_of_another_kernel_is_refused_with_a_reason() {
  auto module = TRY(read_file("/both.ko"));
  const auto text = as_text(module);
  module[text.find(" SMP preempt") + 1] = 'X';
  const auto loaded = load_module(module, "both.ko");
  EXPECT(!loaded);
  std::printf("# %s\n", loaded.error().describe().c_str());
  EXPECT(loaded.error().describe().find("another kernel") != std::string::npos);
  EXPECT(!load_module(as_bytes("no module"), "nothing.ko"));
  return {};
}

Status settings_are_read_and_written() {
  const auto before = TRY(read_sysctl(root, "kernel.panic_on_warn"));
  TRY(write_sysctl(root, "kernel.panic_on_warn", "1"));
  EXPECT(read_sysctl(root, "kernel.panic_on_warn").value() == "1");
  TRY(write_sysctl(root, "kernel.panic_on_warn", before));
  EXPECT(!write_sysctl(root, "kernel.panic_on_warn", "what"));
  EXPECT(read_sysctl(root, "kernel.panic_on_warn").value() == before);
  EXPECT(!write_sysctl(root, "kernel.osrelease", "1"));
  return {};
}

Status readings_become_rates() {
  const auto earlier = take_reading(root, now());
  for (const auto& each : earlier.unreadable) std::printf("# unknown: %s\n", each.why.c_str());
  const auto until = now() + 1s;
  while (now() < until) {
  }
  const auto change = rates(earlier, take_reading(root, now()));
  for (std::size_t i = 0; i < metric_count; ++i) {
    if (change.values[i])
      std::printf("# %s %g\n", std::string(metric_name(static_cast<Metric>(i))).c_str(), *change.values[i]);
  }
  EXPECT(change[Metric::cpu_busy] && *change[Metric::cpu_busy] > 0.2);
  EXPECT(change[Metric::oopses] == 0.0 && change[Metric::new_taint] == 0.0);
  EXPECT(change[Metric::cpu_pressure] && change[Metric::memory_used_growth] && change[Metric::tcp_retransmits]);
  return {};
}

Status what_hooks_a_function_is_found_with_what_a_live_patch_means_for_it() {
  const std::vector<std::string> functions{"cmdline_proc_show", "version_proc_show"};
  for (const auto& hook : find_hooks(root, functions, bpf_attachments(root)).found)
    EXPECT(hook.kind == HookKind::touched);
  // Where instructions begin differs from kernel to kernel.
  int inside = 12;
  const auto probes = [&] {
    return fmt::format("p:entry cmdline_proc_show\np:inside cmdline_proc_show+{}\nr:back version_proc_show\n", inside);
  };
  while (inside < 40 && !root.write("/sys/kernel/tracing/kprobe_events", probes())) ++inside;
  for (const auto* event : {"entry", "inside", "back"})
    TRY(root.write(fmt::format("/sys/kernel/tracing/events/kprobes/{}/enable", event), "1"));
  const auto hooks = find_hooks(root, functions, bpf_attachments(root));
  for (const auto& hook : hooks.found)
    std::printf("# %d %d %s %s\n", static_cast<int>(hook.kind), static_cast<int>(hook.effect), hook.function.c_str(),
                hook.detail.c_str());
  for (const auto& unknown : hooks.unknown) std::printf("# unknown: %s\n", unknown.c_str());
  const auto count = [&](HookKind kind, HookEffect effect) {
    return std::count_if(hooks.found.begin(), hooks.found.end(),
                         [&](const Hook& hook) { return hook.kind == kind && hook.effect == effect; });
  };
  EXPECT(hooks.unknown.empty());
  EXPECT(count(HookKind::kprobe, HookEffect::shared) == 1 && count(HookKind::kprobe, HookEffect::silenced) == 1);
  EXPECT(count(HookKind::kretprobe, HookEffect::shared) == 1);
  EXPECT(std::any_of(hooks.found.begin(), hooks.found.end(),
                     [](const Hook& hook) { return hook.detail.ends_with("for kprobes/inside"); }));
  for (const auto* event : {"entry", "inside", "back"})
    TRY(root.write(fmt::format("/sys/kernel/tracing/events/kprobes/{}/enable", event), "0"));
  return root.write("/sys/kernel/tracing/kprobe_events", "\n");
}

Status bpf_program_at_a_function_is_named_before_and_while_the_function_is_patched() {
  const auto link = TRY(attach_bpf(root, "cmdline_proc_show"));
  const auto is_found = [](const Hooks& hooks) {
    bool direct = false;
    bool named = false;
    for (const auto& hook : hooks.found) {
      std::printf("# %d %d %s %s\n", static_cast<int>(hook.kind), static_cast<int>(hook.effect), hook.function.c_str(),
                  hook.detail.c_str());
      direct = direct || hook.kind == HookKind::direct;
      named = named || (hook.kind == HookKind::bpf && hook.detail.starts_with("fentry by BPF program watcher (id "));
    }
    return direct && named && hooks.unknown.empty();
  };
  EXPECT(is_found(find_hooks(root, {"cmdline_proc_show"}, bpf_attachments(root))));
  TRY(load("/both.ko"));
  TransitionWatch transition("both", Goal::patched, now(), 60s);
  const auto phase = TRY(watch(transition));
  EXPECT(phase == Phase::reached);
  EXPECT(is_found(find_hooks(root, {"cmdline_proc_show"}, bpf_attachments(root))));
  TRY(disable(root, "both"));
  return unload("both");
}

Status kernel_log_is_followed_and_counted() {
  auto log = TRY(KernelLog::open(root));
  TRY(load("/both.ko"));
  TransitionWatch transition("both", Goal::patched, now(), 60s);
  const auto phase = TRY(watch(transition));
  EXPECT(phase == Phase::reached);
  LogCounts counts;
  const auto records = TRY(log.read());
  counts.add(records);
  EXPECT(counts[LogEvent::livepatch] == 3 && log.lost() == 0);
  EXPECT(counts[LogEvent::warning] == 0 && counts[LogEvent::livepatch_failed] == 0);
  auto again = TRY(KernelLog::open(root, records.front().sequence));
  EXPECT(again.read()->front().text == records.front().text);
  auto whole = TRY(KernelLog::open(root, 0));
  const auto from_start = TRY(whole.read());
  EXPECT(from_start.front().text.starts_with("Linux version"));
  TRY(disable(root, "both"));
  return unload("both");
}

Status inventory_is_complete_or_says_what_is_missing() {
  TRY(load("/both.ko"));
  const auto inventory = read_inventory(root);
  std::printf("# %s\n", to_json(inventory).c_str());
  EXPECT(inventory.tainted_by == std::vector<std::string>{"both (OEK)"});
  EXPECT(inventory.foreign.found.empty() && inventory.foreign.unknown.empty());
  EXPECT(maker_of(root, "both").is(LivePatchMaker::suture));
  EXPECT(inventory.virtual_machine.is("qemu") && inventory.containers.inside.is(false));
  EXPECT(inventory.secure_boot.is(false) && !inventory.last_reboot && !inventory.pending_kernel);
  TransitionWatch transition("both", Goal::patched, now(), 60s);
  const auto phase = TRY(watch(transition));
  EXPECT(phase == Phase::reached);
  TRY(disable(root, "both"));
  return unload("both");
}

Status host_without_systemd_or_crashes_says_so() {
  EXPECT(!service_state("nginx.service"));
  EXPECT(search_crashes(root, {}).found.empty() && !previous_boot_log());
  EXPECT(room_at(root, "/var/lib/suture")->free_bytes > 0);
  return {};
}

/// The last one: afterwards nothing can be unloaded.
Status oops_in_a_patched_function_is_counted_and_its_evidence_names_function_and_module() {
  auto log = TRY(KernelLog::open(root));
  TRY(load("/oopsing.ko"));
  TransitionWatch transition("oopsing", Goal::patched, now(), 60s);
  const auto phase = TRY(watch(transition));
  EXPECT(phase == Phase::reached);
  const auto before = take_reading(root, now());
  const auto victim = ::fork();
  if (victim == 0) {
    (void)root.text("/proc/cmdline");
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(victim, &status, 0);
  EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  const auto change = rates(before, take_reading(root, now()));
  EXPECT(change[Metric::oopses] == 1.0 && change[Metric::new_taint] == taint::died);

  const auto records = TRY(log.read());
  LogCounts counts;
  counts.add(records);
  EXPECT(counts[LogEvent::oops] == 1 && counts[LogEvent::bug] == 1 && counts[LogEvent::panic] == 0);
  std::string text;
  for (const auto& record : records)
    text +=
        fmt::format("<{}>[{:12.6f}] {}\n", record.level, static_cast<double>(record.microseconds) / 1e6, record.text);
  const auto evidence = evidence_in(text, "the log", {{"cmdline_proc_show", "version_proc_show"}, {"oopsing", "both"}});
  EXPECT(evidence && evidence->first_line.starts_with("BUG: kernel NULL pointer dereference"));
  EXPECT(evidence->functions == std::vector<std::string>{"cmdline_proc_show"});
  EXPECT(evidence->modules == std::vector<std::string>{"oopsing"});
  return {};
}

/// Not a scenario: a tree in the middle of a transition, for src/host/testing/trees.
Status record() {
  const Sleeper sleeper;
  while (root.text(fmt::format("/proc/{}/stack", sleeper.pid()))->find("nanosleep") == std::string::npos)
    std::this_thread::sleep_for(10ms);
  TRY(load("/both.ko"));
  TransitionWatch transition("both", Goal::patched, now(), 60s);
  TRY(watch(transition));
  TRY(load("/sleeping.ko"));
  std::this_thread::sleep_for(2s);
  record_tree(root, {"1", "2", fmt::format("{}", sleeper.pid())});
  return {};
}

struct Scenario {
  const char* name;
  Status (*run)();
};

constexpr Scenario scenarios[] = {
#define SCENARIO(name) \
  { #name, name }
    SCENARIO(kernel_is_known),
    SCENARIO(readings_become_rates),
    SCENARIO(settings_are_read_and_written),
    SCENARIO(module_of_another_kernel_is_refused_with_a_reason),
    SCENARIO(live_patch_is_loaded_watched_listed_disabled_and_unloaded),
    SCENARIO(inventory_is_complete_or_says_what_is_missing),
    SCENARIO(host_without_systemd_or_crashes_says_so),
    SCENARIO(kernel_log_is_followed_and_counted),
    SCENARIO(what_hooks_a_function_is_found_with_what_a_live_patch_means_for_it),
    SCENARIO(bpf_program_at_a_function_is_named_before_and_while_the_function_is_patched),
    SCENARIO(task_that_sleeps_in_a_patched_function_is_named_and_the_transition_is_turned_back),
    SCENARIO(transition_ends_when_the_kernel_signals_who_blocks_it),
    SCENARIO(oops_in_a_patched_function_is_counted_and_its_evidence_names_function_and_module),
};

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc > 1 && std::string_view(argv[1]) == "record") {
    const auto recorded = record();
    std::printf(recorded ? "end\n" : "FAIL\nend\n");
    return 0;
  }
  for (const auto& scenario : scenarios) {
    const auto is_chosen = [&](const char* name) {
      return std::string_view(scenario.name).find(name) != std::string_view::npos;
    };
    if (argc > 1 && std::none_of(argv + 1, argv + argc, is_chosen)) continue;
    const auto result = scenario.run();
    if (result) {
      std::printf("ok %s\n", scenario.name);
    } else {
      std::printf("FAIL %s: %s\n", scenario.name, result.error().describe().c_str());
    }
  }
  std::printf("end\n");
}
