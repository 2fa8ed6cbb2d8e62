// The agent's own upgrade, as it is remembered: <state>/upgrade/record.json. On disk before each act, so that the
// program that comes up next, which may be another version than the one that began, knows what it is at.
//
// The daemon writes it once, when the packages of both releases lie beside it. From then on the installer alone does,
// and the daemon, of whichever release, reads how it ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace suture::agent {

struct UpgradePackage {
  std::string file{};    ///< in the directory of the record
  std::string sha256{};  ///< as the signed index has it
  bool operator==(const UpgradePackage&) const = default;
};

struct UpgradeRelease {
  std::uint32_t release = 0;
  std::string version{};
  std::vector<UpgradePackage> packages{};
  bool operator==(const UpgradeRelease&) const = default;
};

enum class UpgradePhase {
  wanted,      ///< nothing was touched yet
  installing,  ///< of the packages of `to`
  waiting,     ///< until the server has heard of the daemon of `to`
  putting_back,
  done,
  failed  ///< `from` runs, or the reason says why it does not
};
std::string_view name_of(UpgradePhase phase);

struct Upgrade {
  std::int64_t sequence = 0;  ///< of the assignment
  UpgradeRelease from{}, to{};
  std::uint32_t before = 0;  ///< the release that this host had before `from`; 0 if nobody knows
  UpgradePhase phase = UpgradePhase::wanted;
  std::string reason{};
  bool operator==(const Upgrade&) const = default;
};

inline bool is_over(const Upgrade& upgrade) {
  return upgrade.phase == UpgradePhase::done || upgrade.phase == UpgradePhase::failed;
}

/// The release that this host had before the one that runs, as far as the record knows; 0: it does not.
std::uint32_t release_before(const std::optional<Upgrade>& last, std::string_view running);

/// Nothing if this host was never upgraded so. What a later version added is passed over; a format that means something
/// else is refused.
Result<std::optional<Upgrade>> read_upgrade(const fs::path& directory);
/// As long as it is not over there is a file `unfinished` beside it, by which systemd goes on at the next boot.
Status keep(const fs::path& directory, const Upgrade& upgrade);
/// That file alone, for whoever was ended between the two. Where the upgrade is over, the next boot takes it away.
Status mark_unfinished(const fs::path& directory);

/// That the server has heard of the daemon of this version: the installer waits for it.
Status mark_reported(const fs::path& directory, std::string_view version);
bool has_reported(const fs::path& directory, std::string_view version);

/// Takes away what an earlier upgrade left: packages, and its mark.
Status clear_upgrade(const fs::path& directory);

}  // namespace suture::agent
