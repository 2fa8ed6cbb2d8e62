// A kit is all that is needed to build live patches for one kernel release, on this machine:
//
//   CACHE/downloads/*.deb        packages, kept and used again
//   CACHE/kits/RELEASE.lock      held while a kit is made or removed
//   CACHE/kits/RELEASE/kit.json  written last: a directory without it is no kit
//                      source/   the package's source tree (see left_out()); nobody writes into it
//                      build/    the O= tree, prepared: single objects can be made at once
//                      shipped/  what the distribution ships: vmlinuz, config, modules, …
//                      cache/    for builders: compiled objects
//
// CACHE is $SUTURE_CACHE, else $XDG_CACHE_HOME/suture, else ~/.cache/suture.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace suture::kit {

struct KitSeconds {
  double download = 0;
  double unpack = 0;
  double configure = 0;
  double prepare = 0;
  double sync = 0;
  double total = 0;
};
BOOST_DESCRIBE_STRUCT(KitSeconds, (), (download, unpack, configure, prepare, sync, total))

struct Kit {
  std::string release = {};                      ///< as `uname -r`: "6.1.0-53-amd64"
  std::string series = {};                       ///< "6.1"
  std::string package_version = {};              ///< of all its packages: "6.1.187-1"
  std::string compiler = {};                     ///< the command: "gcc-12"
  std::string compiler_version = {};             ///< CONFIG_CC_VERSION_TEXT, the first line of its --version
  bool ibt = false;                              ///< CONFIG_X86_KERNEL_IBT: kbuild leaves objtool to the final link
  std::vector<std::string> make_variables = {};  ///< for every make in build/; see kbuild()
  std::string created = {};                      ///< "2026-11-21T01:35:00Z"
  std::string created_by = {};                   ///< Suture's version
  std::uint64_t bytes = 0;                       ///< on the disk when it was made
  KitSeconds seconds = {};                       ///< what making it took
  fs::path root = {};                            ///< absolute

  fs::path source() const { return root / "source"; }
  fs::path build() const { return root / "build"; }
  fs::path vmlinuz() const { return root / "shipped" / "vmlinuz"; }
  fs::path config() const { return root / "shipped" / "config"; }
  fs::path symvers() const { return root / "shipped" / "Module.symvers"; }
  /// The tree /lib/modules/RELEASE of a machine that runs the kernel: kernel/…, modules.dep and so on.
  fs::path modules() const { return root / "shipped" / "lib" / "modules" / release; }
  fs::path cache() const { return root / "cache"; }
};

/// $SUTURE_CACHE and so on, absolute. It need not exist.
Result<fs::path> cache_directory();

/// The complete kit of this release. The error says how to make one.
Result<Kit> open_kit(std::string_view release);

/// All complete kits, by release.
Result<std::vector<Kit>> list_kits();

/// Removes the kit, or what is left of an interrupted one; waits for whoever is making it.
/// Downloaded packages stay.
Status remove_kit(std::string_view release);

}  // namespace suture::kit
