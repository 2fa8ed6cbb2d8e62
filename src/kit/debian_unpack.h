// Where the files of a kernel's Debian packages go in a kit.
#pragma once

#include <cstdint>

#include "base/progress.h"
#include "kit/kit.h"

namespace suture::kit {

struct PackageFiles {
  fs::path image;
  fs::path headers;
  fs::path source;
};

/// Fills source/ and shipped/ of the kit, modules.dep included. Every file that Kit names is there
/// afterwards, or the error names the package that lacks it.
Status unpack_packages(const Kit& kit, const PackageFiles& files, Progress& progress);

/// What a directory takes on the disk.
Result<std::uint64_t> bytes_on_disk(const fs::path& directory);

}  // namespace suture::kit
