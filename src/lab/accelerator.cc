#include "lab/accelerator.h"

#include <unistd.h>

#include "lab/initramfs.h"

namespace suture::lab {
namespace {

constexpr std::string_view reached_user_space = "suture: user space";

// Under KVM this takes a second or two. A machine too busy for these bounds falls back to
// emulation, which is slower and never wrong.
Result<bool> a_guest_boots(const fs::path& vmlinuz) {
  Initramfs root;
  auto busybox = TRY(read_static_busybox());
  root.add_file("bin/busybox", std::move(busybox), 0755);
  root.add_text("init", fmt::format("#!/bin/busybox sh\necho '{}'\n/bin/busybox poweroff -f\n", reached_user_space),
                0755);
  auto archive = TRY(root.pack());
  const auto booted = boot({.kernel = vmlinuz,
                            .initramfs = std::move(archive),
                            .command_line = "console=ttyS0 panic=-1",
                            .accelerator = Accelerator::kvm,
                            .timeout = std::chrono::seconds(20),
                            .silence = std::chrono::seconds(5)});
  return booted && booted->console.find(reached_user_space) != std::string::npos;
}

}  // namespace

Result<bool> remembered(const fs::path& cache, const std::string& machine_boot,
                        const std::function<Result<bool>()>& probe) {
  TRY(make_directories(cache));
  const auto lock = TRY(FileLock::take(cache / "kvm.lock"));
  const auto path = cache / "kvm";
  const auto yes = machine_boot + " works\n";
  const auto no = machine_boot + " does not work\n";
  if (const auto known = read_text(path)) {
    if (*known == yes) return true;
    if (*known == no) return false;
  }
  const bool works = TRY(probe());
  TRY(write_text(path, works ? yes : no));
  return works;
}

Result<Accelerator> usable_accelerator(const fs::path& vmlinuz, const fs::path& cache) {
  if (::access("/dev/kvm", R_OK | W_OK) != 0) return Accelerator::tcg;
  auto machine_boot = TRY(read_text("/proc/sys/kernel/random/boot_id"));
  while (machine_boot.ends_with('\n')) machine_boot.pop_back();
  const bool works = TRY(remembered(cache, machine_boot, [&] { return a_guest_boots(vmlinuz); }));
  return works ? Accelerator::kvm : Accelerator::tcg;
}

}  // namespace suture::lab
