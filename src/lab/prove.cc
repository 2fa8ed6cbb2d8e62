#include "lab/prove.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/parallel.h"
#include "lab/accelerator.h"
#include "lab/initramfs.h"
#include "lab/qemu.h"
#include "lab/verdict.h"

namespace suture::lab {
namespace {

// A kernel that has oopsed ends at once, and says so; one whose CPU is stuck does after 20 s. All
// of the log stays in its buffer, and the guest's own marks are not rate-limited.
constexpr std::string_view kernel_command_line =
    "console=ttyS0 panic=-1 oops=panic softlockup_panic=1 log_buf_len=4M printk.devkmsg=on";
constexpr std::chrono::minutes longest_start{2};
constexpr std::size_t steps_that_may_wait = 14;  // scripts and transitions of both rounds

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

// Everything that one mode's boots brought to light.
struct Seen {
  std::vector<std::optional<Witness>> witnesses;  // by number of the live patch
  std::vector<LogLine> boot_log;
  std::size_t boots = 0;
};

class Sessions {
 public:
  Sessions(const Lab& lab, const std::vector<GuestPatch>& patches, const ShippedModules& shipped,
           Accelerator accelerator, Bytes busybox)
      : lab_(lab), patches_(patches), shipped_(shipped), accelerator_(accelerator), busybox_(std::move(busybox)) {}

  /// Boots until every live patch has its witness.
  Result<Seen> run(Mode mode) const {
    Seen seen;
    seen.witnesses.resize(patches_.size());
    for (std::size_t next = 0; next < patches_.size(); ++seen.boots) {
      std::vector<const GuestPatch*> left;
      for (auto i = next; i < patches_.size(); ++i) left.push_back(&patches_[i]);
      const auto booted = TRY(boot_with(mode, left));
      next = TRY(collect(booted, next, seen));
    }
    return seen;
  }

 private:
  Result<Booted> boot_with(Mode mode, const std::vector<const GuestPatch*>& patches) const {
    Boot one{.kernel = lab_.vmlinuz,
             .initramfs = TRY(guest_root(mode, patches, shipped_, lab_.limits, busybox_)),
             .command_line = fmt::format("{} {}", kernel_command_line, lab_.kernel_options),
             .accelerator = accelerator_,
             .cpu = lab_.cpu};
    const auto wait = std::max(lab_.limits.script, lab_.limits.transition);
    one.silence = wait + longest_start;
    one.timeout = longest_start + wait * steps_that_may_wait * patches.size();
    // The archive is in memory twice while the kernel unpacks it, and modules are copied once more.
    one.memory_mib += static_cast<unsigned>(one.initramfs.size() >> 20) * 3;
    return boot(one);
  }

  // Returns the number of the first live patch that is still without a witness.
  static Result<std::size_t> collect(const Booted& booted, std::size_t next, Seen& seen) {
    auto story = tell(read_records(booted.records));
    if (!story.booted || story.runs.empty())
      return fail("the guest did not come to its first live patch{}; the end of its console:\n{}",
                  story.damage.empty() ? "" : fmt::format(" (records {})", story.damage), console_tail(booted.console));
    const auto boot_log = parse_log(story.boot_log);
    seen.boot_log.insert(seen.boot_log.end(), boot_log.begin(), boot_log.end());
    for (auto& run : story.runs) {
      if (run.patch != next) return fail("the guest reports on live patch {} where {} was expected", run.patch, next);
      if (next == seen.witnesses.size()) return fail("the guest reports on more live patches than it has");
      Witness witness{
          .run = std::move(run), .log = {}, .hung = booted.timed_out, .damage = story.damage, .console = {}};
      witness.log = witness.run.ended ? parse_log(witness.run.log) : console_since(booted.console, next);
      witness.console = console_tail(booted.console);
      seen.witnesses[next++] = std::move(witness);
    }
    return next;
  }

  const Lab& lab_;
  const std::vector<GuestPatch>& patches_;
  const ShippedModules& shipped_;
  Accelerator accelerator_;
  Bytes busybox_;
};

}  // namespace

Result<std::vector<Proof>> prove_many(const Lab& lab, const std::vector<ProofCase>& cases, Progress& progress) {
  const auto started = std::chrono::steady_clock::now();
  progress.stage("reading modules");
  const auto shipped = TRY(ShippedModules::open(lab.modules_root));
  std::vector<GuestPatch> patches;
  for (const auto& one : cases) patches.push_back(TRY(read_case(lab, one, patches.size(), shipped)));
  auto busybox = TRY(read_static_busybox());
  auto accelerator = Accelerator::tcg;
  if (lab.allow_kvm) {
    progress.stage("finding out whether KVM works");
    accelerator = TRY(usable_accelerator(lab.vmlinuz, lab.cache));
  }

  progress.stage(fmt::format("booting {}, with and without the live patch", lab.release));
  const Sessions sessions(lab, patches, shipped, accelerator, std::move(busybox));
  Seen baseline, patched;
  const auto run = [&](std::size_t i) -> Status {
    auto seen = TRY(sessions.run(i == 0 ? Mode::baseline : Mode::patched), "{}", i == 0 ? "baseline" : "patched");
    (i == 0 ? baseline : patched) = std::move(seen);
    return {};
  };
  TRY(for_each_parallel(2, run, 2));
  progress.stage("");

  Baseline log;
  log.add(baseline.boot_log);
  for (const auto& witness : baseline.witnesses) log.add(witness->log);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  std::vector<Proof> proofs;
  for (std::size_t i = 0; i < patches.size(); ++i) {
    auto& proof = proofs.emplace_back(judge(patches[i], *baseline.witnesses[i], *patched.witnesses[i], log));
    proof.kernel = lab.release;
    proof.accelerator = accelerator == Accelerator::kvm ? "kvm" : "tcg";
    proof.boots = baseline.boots + patched.boots;
    proof.seconds = seconds.count();
  }
  return proofs;
}

Result<Proof> prove(const Lab& lab, const ProofCase& one, Progress& progress) {
  auto proofs = TRY(prove_many(lab, {one}, progress));
  return std::move(proofs.front());
}

}  // namespace suture::lab
