// As many boots as it takes to see every live patch of a list through a guest, or its guest die.
#pragma once

#include <functional>
#include <vector>

#include "lab/qemu.h"
#include "lab/verdict.h"

namespace suture::lab {

/// What came to light.
struct Seen {
  std::vector<Witness> witnesses = {};  ///< one for each live patch, in order
  std::vector<LogLine> boot_log = {};   ///< of all boots, before their first live patch
  std::size_t boots = 0;
};

/// Boots a guest that goes through the live patches from number `first` to before `end`.
using Guest = std::function<Result<Booted>(std::size_t first, std::size_t end)>;

/// Boots guests until each of the live patches has its witness. Every boot settles at least one: a
/// guest that dies is the witness against the live patch that it was at, or had just left.
Result<Seen> see_all(std::size_t first, std::size_t end, const Guest& guest);

}  // namespace suture::lab
