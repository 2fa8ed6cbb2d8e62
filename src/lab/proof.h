// The record of a live patch's time in a guest, as it is printed, stored and bundled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace suture::lab {

struct ProofStep {
  std::string boot;  ///< "baseline" or "patched"
  std::string step;  ///< "load fix", "insert 8021q", "after (patched)", …
  bool ok = false;
  double seconds = 0;  ///< in the guest
  std::string said;
};

struct ProofTransition {
  std::string live_patch;
  std::string direction;  ///< "patching" or "unpatching"
  std::optional<double> milliseconds;
};

struct ProofObject {
  std::string object;
  /// "live": loaded, and its functions were redirected. "resolved": the kernel applied the live
  /// patch to the module while it loaded, then the module itself gave up, as many do without their
  /// hardware. "not loaded": nothing is known about this part.
  std::string state;
  std::string detail;
};

struct ProofTaint {
  std::uint64_t baseline = 0;
  std::uint64_t patched = 0;            ///< 0 when the guest died
  std::vector<std::string> unexpected;  ///< what only the patched kernel has, in words
};

struct Proof {
  std::string outcome;  ///< "proven" or "failed"
  std::vector<std::string> failures;
  std::string live_patch;
  std::string digest;       ///< SHA-256 of its file
  std::string over;         ///< the live patch that it replaced, or ""
  std::string over_digest;  ///< SHA-256 of that one's file, or ""
  std::string kernel;
  std::string accelerator;  ///< "kvm" or "tcg" (emulation)
  std::size_t boots = 0;    ///< of this proof; proofs made together share them
  double seconds = 0;
  std::vector<ProofStep> steps;
  std::vector<ProofTransition> transitions;
  std::vector<ProofObject> objects;
  ProofTaint taint;
  std::vector<std::string> new_log;  ///< kernel log lines that complain and that the baseline does not have
  std::string oops;                  ///< what the kernel said when it died
  std::string blocking;              ///< tasks that kept a transition from ending, with their stacks
  std::string console;               ///< the end of the console, unless proven

  bool proven() const { return outcome == "proven"; }
};

std::string to_json(const Proof& proof);
std::string to_json(const std::vector<Proof>& proofs);
/// What to_json() wrote, one or many. `name` is what errors call it.
Result<std::vector<Proof>> read_proofs(std::string_view text, std::string_view name);

}  // namespace suture::lab
