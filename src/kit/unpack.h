#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "kit/archive.h"

namespace suture::kit {

/// Says where an archive's path goes, relative to the directory unpacked into; nothing to leave it out.
using Placement = std::function<std::optional<std::string>(std::string_view path)>;
/// Called now and then with bytes read and bytes in all of the outermost file.
using ReadSoFar = std::function<void(std::size_t read, std::size_t size)>;

/// Unpacks the rest of `archive` into the directory `into`, which is ours alone and may hold what was
/// unpacked before. Nothing is written or linked outside of it: paths come checked from Archive,
/// symlinks must point inside `into`, and are made last, so that nothing is written through them.
/// A path that exists already is an error. After an error `into` may hold a part.
Status unpack(Archive& archive, const fs::path& into, const Placement& place, const ReadSoFar& so_far = nullptr);

}  // namespace suture::kit
