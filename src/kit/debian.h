#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/progress.h"
#include "kit/kit.h"

namespace suture::kit {

struct AddOptions {
  std::optional<fs::path> deb_dir = {};  ///< packages here are preferred to apt's
  /// What its users do with a kit once, before it is complete: all but kit.json is there. They may write
  /// into cache() only. After an error there is no kit.
  std::function<Status(const Kit&)> finish = {};
};

/// Makes the kit of a Debian kernel from its packages: those in deb_dir, those downloaded before, and
/// what apt offers (without root). Returns the kit that exists, if it is complete.
///
/// All or nothing: after an error, or when killed, there is no kit, and the next call begins anew with
/// the packages that were downloaded. A second call for the same release waits for the first.
Result<Kit> add_debian_kit(std::string_view release, const AddOptions& options, Progress& progress);

}  // namespace suture::kit
