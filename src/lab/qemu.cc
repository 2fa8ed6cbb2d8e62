#include "lab/qemu.h"

#include <fmt/format.h>

#include "base/process.h"

namespace suture::lab {
namespace {

// q35 with nothing on it: the fewest devices to probe, and it resets and powers off by ACPI. Emulated CPUs take turns:
// side by side, one was seen to die of, or to hang in, an instruction that the other was rewriting. The console goes to
// QEMU's output, so that run() sees the guest live or fall silent.
std::vector<std::string> command_line(const Boot& boot, const fs::path& initramfs, const fs::path& records) {
  const bool kvm = boot.accelerator == Accelerator::kvm;
  return {"qemu-system-x86_64",
          "-nodefaults",
          "-no-user-config",
          "-display",
          "none",
          "-no-reboot",
          "-machine",
          "q35",
          "-accel",
          kvm ? "kvm" : "tcg,thread=single",
          "-cpu",
          boot.cpu,
          "-smp",
          fmt::format("{}", boot.cpus),
          "-m",
          fmt::format("{}", boot.memory_mib),
          "-kernel",
          boot.kernel.string(),
          "-initrd",
          initramfs.string(),
          "-append",
          boot.command_line,
          "-serial",
          "file:/dev/stdout",
          "-serial",
          "file:" + records.string()};
}

}  // namespace

Result<Booted> boot(const Boot& boot) {
  if (!program_exists("qemu-system-x86_64"))
    return fail(Error("qemu-system-x86_64 is not in PATH").advise("install the package qemu-system-x86"));
  const auto directory = TRY(TempDir::make());
  const auto initramfs = directory.path() / "initramfs";
  const auto records = directory.path() / "records";
  TRY(write_file(initramfs, boot.initramfs));
  TRY(write_file(records, {}));

  const auto started = std::chrono::steady_clock::now();
  auto finished =
      TRY(run({.argv = command_line(boot, initramfs, records), .timeout = boot.timeout, .silence = boot.silence}));
  if (!finished.ok() && !finished.timed_out)
    return fail("QEMU failed with exit code {}: {}\n{}", finished.exit_code, finished.errors,
                console_tail(finished.output));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  auto recorded = TRY(read_file(records));
  return Booted{.console = std::move(finished.output),
                .records = std::move(recorded),
                .timed_out = finished.timed_out,
                .seconds = seconds.count()};
}

std::string_view console_tail(std::string_view console, std::size_t lines) {
  while (console.ends_with('\n') || console.ends_with('\r')) console.remove_suffix(1);
  auto from = console.size();
  while (from > 0 && (console[from - 1] != '\n' || --lines > 0)) --from;
  return console.substr(from);
}

}  // namespace suture::lab
