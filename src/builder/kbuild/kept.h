// Files of a kit's cache that take long to make. Each ends with a digest of what is before it: one
// that a full disk, a power loss or a stray hand has damaged is not used, but made anew.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/file.h"
#include "base/shared_bytes.h"

namespace suture::builder {

/// What keep() was given. Nothing if there is no such file, or if it is not whole.
std::optional<Bytes> read_kept(const fs::path& path);
/// The same, mapped: for what is large.
std::optional<SharedBytes> map_kept(const fs::path& path);

/// All or nothing; two at once do no harm. Does not wait for the disk. Makes the directory.
Status keep(const fs::path& path, Bytes content);

}  // namespace suture::builder
