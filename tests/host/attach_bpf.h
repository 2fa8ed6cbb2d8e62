#pragma once

#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "host/root.h"

namespace suture {

/// A BPF program that does nothing, called at the entry of a function of the kernel until the link is closed.
Result<Fd> attach_bpf(const host::Root& root, const std::string& function);

}  // namespace suture
