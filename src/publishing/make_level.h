// From what a build and its proofs say to a level: a live patch with everything that a host must know of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "trust/ed25519.h"
#include "trust/level/kernel_index.h"

namespace suture::publishing {

struct LevelRequest {
  fs::path report;               ///< what suture build wrote, NAME.ko beside it
  std::vector<fs::path> proofs;  ///< what suture prove --json printed: of the live patch alone, over levels below it,
                                 ///< and of levels below over it
  std::vector<std::string> withdraws;             ///< fixes of the level below, by id
  std::map<std::string, std::string> severities;  ///< by fix; others as in the level below, or "unknown"
  std::map<std::string, std::string> kinds;  ///< by fix; others as in the level below, or "security" if they name a CVE
  bool back_by_reboot = false;               ///< its own undoing does harm: only a reboot takes it back
  std::uint32_t level = 0;                   ///< 0: the one after the newest
};

struct MadeLevel {
  trust::Manifest manifest;
  Bytes archive;
};

/// `index` is the kernel's as it is. The test evidence is signed with `evidence_key`. Fails if the files do not
/// belong together, or the live patch alone was not proven.
Result<MadeLevel> make_level(const LevelRequest& request, const trust::KernelIndex& index,
                             const trust::ed25519::PrivateKey& evidence_key);

/// The kernel that the report is of: an index without levels.
Result<trust::KernelIndex> index_of(const fs::path& report);

}  // namespace suture::publishing
