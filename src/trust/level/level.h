// One level as one file, the target that a host downloads: manifest.json first, then every file that the
// manifest lists, as an archive.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "trust/archive.h"
#include "trust/level/manifest.h"

namespace suture::trust {

struct Level {
  Manifest manifest;
  std::vector<ArchiveMember> files;  ///< look into what was read

  /// Empty if there is no such file.
  ByteView file(std::string_view name) const;
};

/// Fills in Manifest::files from `files`, and checks the whole.
Result<Bytes> write_level(Manifest manifest, const std::vector<ArchiveMember>& files);

/// Refuses a file that the manifest does not list, or lists otherwise. That the target itself is the
/// right one is for TUF to say. `name` is what errors call it.
Result<Level> read_level(ByteView archive, std::string_view name);

}  // namespace suture::trust
