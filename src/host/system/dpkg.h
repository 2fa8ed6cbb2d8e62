// Debian's packages, through dpkg(1).
#pragma once

#include <optional>
#include <vector>

#include "base/fd.h"
#include "base/file.h"
#include "host/clock.h"

namespace suture::host {

/// The lock that every frontend of dpkg holds while it is at work (dpkg's doc/spec/frontend-api.txt): as long as this
/// lives, neither apt nor a person's dpkg changes what is installed.
class DpkgLock {
 public:
  /// Nothing if somebody else has it. Never waits.
  static Result<std::optional<DpkgLock>> take(const fs::path& file = "/var/lib/dpkg/lock-frontend");

 private:
  explicit DpkgLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// All in one call, so that they may depend on each other; a lower version than the installed one, too. Asks nobody:
/// configuration files that somebody changed stay. Ended after `patience`.
Status install_packages(const DpkgLock& lock, const std::vector<fs::path>& files, Milliseconds patience);

}  // namespace suture::host
