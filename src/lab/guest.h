// What goes into a proving guest: its program, live patches, scripts, and modules.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lab/live_patch.h"
#include "lab/shipped_modules.h"

namespace suture::lab {

/// PID 1 of the guest: guest.sh.
std::string_view guest_script();

enum class Mode {
  baseline,  ///< everything but the live patch
  patched
};

struct Limits {
  std::chrono::seconds script{60};
  std::chrono::seconds transition{60};  ///< the kernel signals blocking tasks after 15
};

/// One live patch, as the guest gets it.
struct GuestPatch {
  std::size_t number = 0;  ///< what its records are marked with
  LivePatch patch = {};
  std::optional<LivePatch> over = {};
  std::vector<std::string> targets = {};    ///< modules that are shipped and that `patch` or `over` patches
  std::vector<std::string> modules = {};    ///< the targets and what they need, in load order
  std::vector<std::string> available = {};  ///< more modules, for `modprobe` in scripts
  std::optional<std::string> before = {};
  std::optional<std::string> after = {};
};

/// Modules that a script asks for with a line "# modules: NAME..."; the guest has no others
/// than those and the patched ones.
std::vector<std::string> modules_wanted_by(std::string_view script);

/// The whole root file system. Equal arguments and files give equal bytes.
Result<Bytes> guest_root(Mode mode, const std::vector<const GuestPatch*>& patches, const ShippedModules& shipped,
                         const std::string& release, const Limits& limits, const Bytes& busybox);

}  // namespace suture::lab
