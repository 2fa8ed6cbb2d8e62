// The guest's root file system: an archive that the kernel unpacks into memory at boot
// (Documentation/driver-api/early-userspace/buffer-format.rst, "newc").
#pragma once

#include <map>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace suture::lab {

class Initramfs {
 public:
  /// `path` is relative to the root: "bin/busybox". Directories above it are made. A later file of
  /// the same path replaces an earlier one.
  void add_file(const std::string& path, Bytes content, unsigned mode = 0644);
  void add_text(const std::string& path, std::string_view text, unsigned mode = 0644);
  void add_directory(const std::string& path);
  void add_link(const std::string& path, const std::string& target);

  /// A newc archive, owned by root, without times: equal content gives equal bytes. Not
  /// compressed: QEMU copies it into guest memory, and unpacking in an emulated guest costs more
  /// than the copy.
  Result<Bytes> pack() const;

 private:
  struct Entry {
    unsigned type;  ///< AE_IFREG, AE_IFDIR or AE_IFLNK
    unsigned mode;
    Bytes content;  ///< of a link: its target
  };
  void add(const std::string& path, Entry entry);

  std::map<std::string, Entry> entries_;  ///< sorted, so that a directory precedes what it holds
};

/// The static busybox of this machine, which is the whole user space of the guest.
Result<Bytes> read_static_busybox();
/// The same, looked for at `path` only.
Result<Bytes> read_static_busybox(const fs::path& path);

}  // namespace suture::lab
