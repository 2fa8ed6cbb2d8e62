// From what was seen to whether it proves anything. Pure: no guest runs here.
#pragma once

#include "lab/guest.h"
#include "lab/kernel_log.h"
#include "lab/proof.h"
#include "lab/record.h"

namespace suture::lab {

/// One live patch's time in one boot.
struct Witness {
  PatchRun run = {};
  std::vector<LogLine> log = {};  ///< the run's own; when the guest did not end it, what the console has of it
  bool hung = false;              ///< the guest was ended because its time was up
  std::string damage = {};        ///< why the guest's report stops early, if it does
  std::string console = {};       ///< its end
};

/// What the console shows since the guest's mark that this live patch begins, or all of it.
std::vector<LogLine> console_since(std::string_view console, std::size_t patch);

/// Fills in what follows from the two witnesses; the caller adds kernel, accelerator, boots and
/// time. The proof fails unless every step of both rounds is there and went well, every object that
/// is loaded was patched, and taint and kernel log say nothing new.
Proof judge(const GuestPatch& patch, const Witness& baseline, const Witness& patched, const Baseline& baseline_log);

}  // namespace suture::lab
