// What goes into a proving guest: its program, live patches, scripts, and modules.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lab/live_patch.h"
#include "lab/script.h"
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
  std::vector<std::string> targets = {};  ///< modules that are shipped and that `patch` or `over` patches
  std::vector<std::string> early = {};    ///< modules that scripts ask for, inserted before the live patch
  std::vector<std::string> late = {};     ///< the targets and what else they or scripts need, inserted after it
  std::optional<Script> before = {};
  std::optional<Script> after = {};
};

/// Fills in targets, early and late from the rest; each list is in load order. A module that needs
/// a target cannot be early. Fails on a module that a script asks for and that is not shipped.
Status place_modules(GuestPatch& guest_patch, const ShippedModules& shipped);

/// The whole root file system. Equal arguments and files give equal bytes.
Result<Bytes> guest_root(Mode mode, std::span<const GuestPatch> patches, const ShippedModules& shipped,
                         const Limits& limits, const Bytes& busybox);

}  // namespace suture::lab
