// The installer's way from a record to its end, from wherever an earlier one was ended: every phase can be gone through
// again. One writer, one direction: wanted, installing, waiting, then done, or by putting-back to failed.
#pragma once

#include "agent/core/world.h"
#include "agent/upgrade/record.h"

namespace suture::agent {

/// What the installer does to the host.
class Installing {
 public:
  virtual ~Installing() = default;
  virtual Status keep(const Upgrade& upgrade) = 0;
  /// Whether nobody holds this host back. Who does it later comes too late.
  virtual Status may_begin() = 0;
  /// Until the end nobody else changes what is installed.
  virtual Status hold_packages() = 0;
  /// Whether the files are what the record says.
  virtual Status verify(const UpgradeRelease& release) = 0;
  /// Also over a half of itself, or of another release.
  virtual Status install(const UpgradeRelease& release) = 0;
  virtual bool has_reported(const UpgradeRelease& release) = 0;
  /// Unless it runs.
  virtual Status start_daemon() = 0;
};

/// Ends with a record that is over; fails where it could not be kept, or packages could not be held in the middle.
Status carry_on(Upgrade& upgrade, Installing& host, Clock& clock, Milliseconds patience);

}  // namespace suture::agent
