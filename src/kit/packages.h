// Which Debian packages a kit is made of. Pure: what is offered goes in, the choice comes out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture::kit {

/// A package that can be had: as a file here, from apt, or both.
struct Offer {
  std::string package;
  std::string version;
  std::string architecture;
  fs::path file = {};       ///< empty: only from apt
  bool from_apt = false;    ///< apt can fetch it
  std::uint64_t size = 0;   ///< of the .deb, and
  std::string sha256 = {};  ///< its hash, as apt's signed index says; 0 and empty if apt does not know it
};

/// The packages of one kernel, all of one version.
struct KernelPackages {
  Offer image;    ///< vmlinuz and modules; signed, or the unsigned one where that is all there is
  Offer headers;  ///< .config, Module.symvers and generated headers
  Offer source;   ///< the tarball with Debian's patches applied
};

/// Every package name that select_packages() looks for.
std::vector<std::string> package_names(std::string_view release);

/// Chooses among `offers`, which come in the order of preference. The image's version decides, and
/// of several the first that is complete. The error names each missing package with the versions
/// that are offered instead.
Result<KernelPackages> select_packages(std::string_view release, const std::vector<Offer>& offers);

/// Of `offers` for many releases: those that select_packages() can serve, in the order offered.
std::vector<std::string> complete_releases(const std::vector<Offer>& offers);

}  // namespace suture::kit
