// What apt knows and can fetch, by its own programs; none of this needs root.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/packages.h"

namespace suture::kit {

/// The offers in the output of `apt-cache show`. Installed packages that no archive offers any more
/// are left out.
Result<std::vector<Offer>> parse_apt_show(std::string_view text);

/// Every version of the named packages that apt can fetch; unknown names are left out. Nothing at
/// all on a system without apt.
Result<std::vector<Offer>> apt_offers(const std::vector<std::string>& packages);

/// Names of known packages that begin with `prefix`.
Result<std::vector<std::string>> apt_package_names(const std::string& prefix);

/// Whether apt has an index of any archive, so that "not offered" means something.
Result<bool> apt_has_lists();

/// Fetches the .deb into `directory` and returns its path. apt has verified its hash.
Result<fs::path> apt_download(const Offer& offer, const fs::path& directory);

}  // namespace suture::kit
