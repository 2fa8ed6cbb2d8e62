// The independent verifier of a finished live patch: would this module, loaded into exactly this
// shipped kernel, do what it says, and nothing else?
//
// It shares no code with what makes modules (src/elf, src/patch); only src/image reads the shipped kernel
// for both. It replays from the file alone what the kernel's loader, livepatch, ftrace and the boot-time
// patching of code would do with it.
// docs/checks.md says of each check what it catches, and what no check of a finished module can.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "check/shipped.h"

namespace suture::check {

struct Finding {
  std::string id;      ///< stable, "symbol-version"; an entry of docs/checks.md
  std::string place;   ///< "foo_probe+0x1c", ".return_sites entry 3", "object ext4"
  std::string reason;  ///< what was expected, and what was found instead
};

/// How much of a kind was looked at, so that "no findings" says something.
struct Examined {
  std::string what;  ///< "return sites"
  std::uint64_t count = 0;
};

struct CheckReport {
  std::string module;  ///< its name in the kernel
  std::string kernel;  ///< release
  /// What makes the module unfit. All of them, not just the first.
  std::vector<Finding> findings;
  /// What a person should know, and no reason to reject the module.
  std::vector<Finding> notes;
  std::vector<Examined> examined;

  bool is_clean() const { return findings.empty(); }
};

/// Checks the module in `file` (with or without appended signature) against `shipped`. `name` is
/// what errors call the file. Fails only where it cannot be read as a module at all.
Result<CheckReport> check_module(ByteView file, std::string_view name, const Shipped& shipped);

}  // namespace suture::check
