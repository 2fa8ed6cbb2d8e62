// Reading .deb packages (deb(5)): an ar archive of debian-binary, control.tar.* and data.tar.*.
#pragma once

#include <string>

#include "base/file.h"
#include "kit/unpack.h"

namespace suture::kit {

struct DebControl {
  std::string package;
  std::string version;
  std::string architecture;
  std::string depends;  ///< its first line; empty if it needs nothing
};

Result<DebControl> read_deb_control(const fs::path& deb);

/// The content of one file of the package, at most 16 MB.
Result<std::string> read_deb_file(const fs::path& deb, std::string_view path);

/// Unpacks what `place` chooses of the package's files ("boot/vmlinuz-…").
Status unpack_deb(const fs::path& deb, const fs::path& into, const Placement& place);

/// Unpacks what `place` chooses of the tarball `member` ("usr/src/linux-source-6.1.tar.xz") in the package.
Status unpack_deb_tarball(const fs::path& deb, std::string_view member, const fs::path& into, const Placement& place,
                          const ReadSoFar& so_far = nullptr);

}  // namespace suture::kit
