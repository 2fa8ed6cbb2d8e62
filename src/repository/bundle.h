// A repository, or the part of it that some kernels need, as one file: for machines that have no network.
//
// An archive of the very files that a client asks for, under the names that they have in the repository.
// Nothing vouches for the file itself; what is in it is verified as it would be from a server.
#pragma once

#include <string>
#include <vector>

#include "repository/source.h"
#include "trust/tuf/client.h"

namespace suture::repository {

/// Reads the whole file.
Result<std::unique_ptr<Source>> bundle_source(const fs::path& file);

/// Of the kernels (by release or build-id; all if none is named), their indexes and levels; and all releases of the
/// agent, which hosts of every kernel run. What a client would not accept is not exported. `first_root` is what it
/// begins with.
Result<Bytes> export_bundle(Source& source, const fs::path& first_root, const std::vector<std::string>& kernels,
                            trust::tuf::Time now);

struct Imported {
  std::vector<std::string> targets;  ///< that came, by path
  std::vector<std::string> written;  ///< files, in order
};

/// Into a directory that serves as a repository, and which is made if it is not there. Verified beginning with
/// the newest root that the directory has, or with `first_root` if it has none, and never back to what is
/// older than it holds. The timestamp is written last.
Result<Imported> import_bundle(const fs::path& file, const fs::path& repository, const fs::path& first_root,
                               trust::tuf::Time now);

}  // namespace suture::repository
