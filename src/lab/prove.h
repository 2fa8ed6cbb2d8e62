// Proving: a shipped kernel, with a live patch and without, in guests of its own.
//
// With the live patch, a guest goes through two rounds. In each it loads OVER, if there is one,
// loads the live patch, waits for the transition, sees OVER replaced and unloads it, inserts the
// patched modules and what they need, looks at the patched objects, runs `after`, disables and
// unloads the live patch, and runs `before`. In the first round the patched modules come after the
// live patch, so that the kernel patches them while they load; in the second they are there
// already. Without the live patch, another guest inserts the same modules and runs `before`.
//
// Scripts are run by busybox's sh, in a directory of their own, with PHASE in the environment:
//   before   baseline (the unpatched kernel), before (just before loading, if the patched modules
//            are there), reverted (after the live patch has gone)
//   after    patched
// and exit with 0 if the kernel behaves as expected. MODULES is the directory of the inserted modules'
// files, NAME.ko: a script may remove such a module, if it puts it back.
#pragma once

#include "base/parallel.h"
#include "base/progress.h"
#include "lab/guest.h"
#include "lab/proof.h"

namespace suture::lab {

/// A kernel, and how to boot it.
struct Lab {
  fs::path vmlinuz;
  fs::path modules_root;  ///< lib/modules/RELEASE
  std::string release;
  fs::path cache;                   ///< a directory that keeps what is learned about this machine
  bool allow_kvm = true;            ///< if it works
  std::string cpu = "max";          ///< QEMU's -cpu
  std::string kernel_options = {};  ///< added to the kernel's command line
  /// That many live patches at once at most, each in a guest of its own; the guest of the baseline is one more. A
  /// guest waits for half of its time or more: the kernel looks but once a second whether a transition has ended
  /// (klp_transition_work_fn() in kernel/livepatch/transition.c).
  std::size_t guests = 2 * std::size_t{processors()};
  Limits limits = {};
};

struct ProofCase {
  fs::path live_patch;
  std::optional<fs::path> over = {};
  std::optional<fs::path> before = {};  ///< scripts; see script.h
  std::optional<fs::path> after = {};
};

/// Fails only if no verdict can be had: an input is not what it should be, QEMU is missing, or the
/// kernel does not come to user space at all. A live patch that kills its guest is a verdict.
Result<Proof> prove(const Lab& lab, const ProofCase& one, Progress& progress);

/// Proves one after the other in as few boots as possible, in the order given. A live patch that
/// kills, hangs or taints its guest costs a new one for those after it.
Result<std::vector<Proof>> prove_many(const Lab& lab, const std::vector<ProofCase>& cases, Progress& progress);

}  // namespace suture::lab
