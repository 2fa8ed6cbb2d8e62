// A journal without what is over: the same plans in force, the same holds, and the last boot.
#pragma once

#include <vector>

#include "agent/journal/entry.h"

namespace suture::agent {

/// Entries that replay to the same plans, holds and boot. All of them while a plan or a reboot is unfinished, or if
/// they make no sense.
std::vector<Entry> compact(const std::vector<Entry>& entries);

}  // namespace suture::agent
