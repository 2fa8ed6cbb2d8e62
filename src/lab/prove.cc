#include "lab/prove.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>

#include "base/parallel.h"
#include "lab/accelerator.h"
#include "lab/initramfs.h"
#include "lab/qemu.h"
#include "lab/sessions.h"
#include "lab/verdict.h"

namespace suture::lab {
namespace {

// A kernel that has oopsed ends at once, and says so; one whose CPU is stuck does after 20 s. All
// of the log stays in its buffer, and the guest's own marks are not rate-limited. The kernel's test of
// its timer at boot (check_timer() in arch/x86/kernel/apic/io_apic.c) counts ticks in a busy loop, and
// panics where a busy machine gives the guest none.
constexpr std::string_view kernel_command_line =
    "console=ttyS0 panic=-1 oops=panic softlockup_panic=1 log_buf_len=4M printk.devkmsg=on no_timer_check";
constexpr std::chrono::minutes longest_start{2};
constexpr std::size_t steps_that_may_wait = 14;  // scripts and transitions of both rounds
constexpr std::size_t fewest_of_a_share = 6;     // a boot costs about as much as this many live patches

Status check_release(const LivePatch& patch, const fs::path& path, const Lab& lab) {
  if (patch.release == lab.release) return {};
  return fail(Error(fmt::format("{}: was made for kernel {}, not for {}", path.string(), patch.release, lab.release))
                  .advise(fmt::format("prove it with --kernel {}", patch.release)));
}

Result<GuestPatch> read_case(const Lab& lab, const ProofCase& one, std::size_t number, const ShippedModules& shipped) {
  GuestPatch guest_patch;
  guest_patch.number = number;
  guest_patch.patch = TRY(read_live_patch(one.live_patch));
  TRY(check_release(guest_patch.patch, one.live_patch, lab));
  if (one.over) {
    guest_patch.over = TRY(read_live_patch(*one.over));
    TRY(check_release(*guest_patch.over, *one.over, lab));
    if (guest_patch.over->name == guest_patch.patch.name)
      return fail("{} and {}: have the same name, {}; one cannot replace the other", one.live_patch.string(),
                  one.over->string(), guest_patch.patch.name);
  }
  if (one.before) guest_patch.before = TRY(read_script(*one.before));
  if (one.after) guest_patch.after = TRY(read_script(*one.after));
  TRY(place_modules(guest_patch, shipped), "{}", one.live_patch.string());
  return guest_patch;
}

// What all guests of these proofs have in common.
struct Session {
  const Lab& lab;
  const ShippedModules& shipped;
  const std::vector<GuestPatch>& patches;
  Accelerator accelerator = Accelerator::tcg;
  Bytes busybox = {};
};

Result<Booted> boot_guest(const Session& session, Mode mode, std::size_t first, std::size_t end) {
  const auto& lab = session.lab;
  const std::span patches(session.patches.data() + first, end - first);
  auto root = TRY(guest_root(mode, patches, session.shipped, lab.limits, session.busybox));
  Boot one{.kernel = lab.vmlinuz,
           .initramfs = std::move(root),
           .command_line = fmt::format("{} {}", kernel_command_line, lab.kernel_options),
           .accelerator = session.accelerator,
           .cpu = lab.cpu};
  const auto wait = std::max(lab.limits.script, lab.limits.transition);
  one.silence = wait + longest_start;
  one.timeout = longest_start + wait * steps_that_may_wait * patches.size();
  // The archive is in memory twice while the kernel unpacks it, and modules are copied once more.
  one.memory_mib += static_cast<unsigned>(one.initramfs.size() >> 20) * 3;
  return boot(one);
}

// The baseline first, then the shares of the live patches, in order.
Result<std::vector<Seen>> run_all(const Session& session) {
  const auto patches = session.patches.size();
  const std::size_t shares =
      std::clamp<std::size_t>(patches / fewest_of_a_share, 1, std::max<std::size_t>(session.lab.guests, 1));
  std::vector<Seen> seen(1 + shares);
  const auto run = [&](std::size_t i) -> Status {
    const auto mode = i == 0 ? Mode::baseline : Mode::patched;
    const auto guest = [&](std::size_t first, std::size_t end) { return boot_guest(session, mode, first, end); };
    const auto first = i == 0 ? 0 : patches * (i - 1) / shares;
    const auto end = i == 0 ? patches : patches * i / shares;
    seen[i] = TRY(see_all(first, end, guest), "{}", i == 0 ? "baseline" : "patched");
    return {};
  };
  TRY(for_each_parallel(seen.size(), run, seen.size()));
  return seen;
}

std::vector<Proof> judge_all(const std::vector<GuestPatch>& patches, const std::vector<Seen>& seen) {
  Baseline log;
  log.add(seen[0].boot_log);
  for (const auto& witness : seen[0].witnesses) log.add(witness.log);
  std::vector<Proof> proofs;
  std::size_t boots = seen[0].boots;
  for (auto part = seen.begin() + 1; part != seen.end(); ++part) {
    boots += part->boots;
    for (const auto& witness : part->witnesses) {
      const auto number = proofs.size();
      proofs.push_back(judge(patches[number], seen[0].witnesses[number], witness, log));
    }
  }
  for (auto& proof : proofs) proof.boots = boots;
  return proofs;
}

}  // namespace

Result<std::vector<Proof>> prove_many(const Lab& lab, const std::vector<ProofCase>& cases, Progress& progress) {
  const auto started = std::chrono::steady_clock::now();
  const auto shipped = TRY(ShippedModules::open(lab.modules_root));
  std::vector<GuestPatch> patches;
  for (const auto& one : cases) patches.push_back(TRY(read_case(lab, one, patches.size(), shipped)));
  auto busybox = TRY(read_static_busybox());
  auto accelerator = Accelerator::tcg;
  if (lab.allow_kvm) {
    progress.stage("finding out whether KVM works");
    accelerator = TRY(usable_accelerator(lab.vmlinuz, lab.cache));
  }

  progress.stage(
      fmt::format("booting {}, with and without the live patch{}", lab.release, cases.size() > 1 ? "es" : ""));
  auto proofs = judge_all(patches, TRY(run_all({lab, shipped, patches, accelerator, std::move(busybox)})));
  progress.stage("");
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  for (auto& proof : proofs) {
    proof.kernel = lab.release;
    proof.accelerator = accelerator == Accelerator::kvm ? "kvm" : "tcg";
    proof.seconds = std::round(seconds.count() * 1000) / 1000;
  }
  return proofs;
}

Result<Proof> prove(const Lab& lab, const ProofCase& one, Progress& progress) {
  auto proofs = TRY(prove_many(lab, {one}, progress));
  return std::move(proofs.front());
}

}  // namespace suture::lab
