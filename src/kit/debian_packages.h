// Finding and fetching a kernel's packages: files first, then apt.
#pragma once

#include <optional>
#include <string_view>

#include "base/progress.h"
#include "kit/packages.h"

namespace suture::kit {

/// The packages in `directory` that have one of these names, by their file names NAME_….deb. With
/// `strict`, one that cannot be read or is another package inside is an error; else it is left out.
Result<std::vector<Offer>> deb_files(const fs::path& directory, const std::vector<std::string>& names, bool strict);

/// The packages of one version for a kit. The error names what is missing, and says what else can be done.
Result<KernelPackages> find_packages(std::string_view release, const std::optional<fs::path>& deb_dir,
                                     const fs::path& downloads);

/// The package's file: the one at hand if it is what apt's index says (or apt does not know it), else
/// a fresh download.
Result<fs::path> fetch(const Offer& offer, const fs::path& downloads, Progress& progress);

}  // namespace suture::kit
