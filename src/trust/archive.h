// Several files as one: POSIX tar (ustar), so that `tar tvf` shows them. Only plain files with clean
// names are written and read; equal files give equal bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace suture::trust {

struct ArchiveMember {
  std::string name;  ///< relative, with '/', without empty, "." or ".." parts
  ByteView content;  ///< looks into what it was read from
};

/// Fails on a name that is not clean, is longer than ustar can say, or comes twice.
Result<Bytes> write_archive(const std::vector<ArchiveMember>& members);

/// Strict: what write_archive() would not have written is refused. `name` is what errors call it.
Result<std::vector<ArchiveMember>> read_archive(ByteView archive, std::string_view name);

/// Whether a name means one file below a directory, whatever the system.
bool is_clean_name(std::string_view name);

}  // namespace suture::trust
