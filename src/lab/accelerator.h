// Whether guests can use the machine's own virtualisation.
//
// A /dev/kvm that opens proves nothing: on some clouds' nested machines guests then hang in early
// boot. So a guest is booted once, and what came of it is remembered until this machine boots anew.
#pragma once

#include <functional>

#include "lab/qemu.h"

namespace suture::lab {

/// KVM if a guest with this kernel gets to user space under it, else emulation. The answer is kept
/// in `cache`, for everyone who asks with the same directory; concurrent askers share one probe.
Result<Accelerator> usable_accelerator(const fs::path& vmlinuz, const fs::path& cache);

/// The remembered answer, or `probe`'s, which is then remembered. `machine_boot` names this boot of
/// the machine (/proc/sys/kernel/random/boot_id). Anything but a whole answer of this boot counts
/// as none.
Result<bool> remembered(const fs::path& cache, const std::string& machine_boot,
                        const std::function<Result<bool>()>& probe);

}  // namespace suture::lab
