// How kits are kept, for those who make them. Call these with the release's lock held.
#pragma once

#include "kit/kit.h"

namespace suture::kit {

/// The lock of a release; waits for whoever makes or removes that kit.
Result<FileLock> lock_kit(const fs::path& cache, std::string_view release);

fs::path kit_root(const fs::path& cache, std::string_view release);
fs::path downloads(const fs::path& cache);

/// Waits until everything of the kit is on the disk, so that no power loss leaves a complete kit with
/// empty files.
Status sync_kit(const Kit& kit);

/// Makes the kit complete: writes kit.json.
Status save_kit(const Kit& kit);

/// Removes the kit, complete or not. A compiler that an interrupted run has left behind goes on in a
/// directory that was moved away, and does not write into the next kit.
Status discard_kit(const fs::path& cache, std::string_view release);

}  // namespace suture::kit
