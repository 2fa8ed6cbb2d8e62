// One boot of one kernel in QEMU.
#pragma once

#include <chrono>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace suture::lab {

enum class Accelerator { tcg, kvm };

struct Boot {
  fs::path kernel;  ///< a vmlinuz
  Bytes initramfs;
  std::string command_line;
  Accelerator accelerator = Accelerator::tcg;
  unsigned cpus = 2;
  std::string cpu = "max";  ///< QEMU's -cpu
  unsigned memory_mib = 512;
  std::chrono::milliseconds timeout = std::chrono::minutes(5);  ///< for the whole boot
  std::chrono::milliseconds silence = std::chrono::minutes(2);  ///< how long the console may stand still
};

struct Booted {
  std::string console = {};  ///< what came from ttyS0
  Bytes records = {};        ///< what came from ttyS1
  bool timed_out = false;
  double seconds = 0;
};

/// Boots until the guest powers off, resets, or its time is up; a guest that hangs is ended and is
/// not an error. The guest has two serial ports and no disk, network or screen, and does not
/// outlive us. Fails if QEMU is missing or cannot start this guest.
Result<Booted> boot(const Boot& boot);

/// The end of a console, for messages.
std::string_view console_tail(std::string_view console, std::size_t lines = 30);

}  // namespace suture::lab
