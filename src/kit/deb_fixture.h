// Small .deb packages for tests, well-formed and not.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace suture::kit {

struct Member {
  std::string path;
  std::string content;  // of a file, or a symlink's target
  unsigned type = AE_IFREG;
  unsigned mode = 0644;
};

enum class Kind { ar, tar_xz, tar };

inline std::string pack(Kind kind, const std::vector<Member>& members) {
  std::string out(4 << 20, '\0');
  std::size_t used = 0;
  auto* archive = ::archive_write_new();
  if (kind == Kind::ar) {
    ::archive_write_set_format_ar_svr4(archive);
  } else {
    ::archive_write_set_format_pax_restricted(archive);
  }
  if (kind == Kind::tar_xz) ::archive_write_add_filter_xz(archive);
  ::archive_write_open_memory(archive, out.data(), out.size(), &used);
  for (const auto& member : members) {
    auto* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, member.path.c_str());
    ::archive_entry_set_filetype(entry, member.type);
    ::archive_entry_set_perm(entry, member.mode);
    const bool is_file = member.type == AE_IFREG;
    ::archive_entry_set_size(entry, is_file ? static_cast<la_int64_t>(member.content.size()) : 0);
    if (member.type == AE_IFLNK) ::archive_entry_set_symlink(entry, member.content.c_str());
    EXPECT_EQ(::archive_write_header(archive, entry), ARCHIVE_OK) << ::archive_error_string(archive);
    if (is_file) ::archive_write_data(archive, member.content.data(), member.content.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(archive);
  ::archive_write_free(archive);
  out.resize(used);
  return out;
}

inline std::string make_deb(const std::string& control, const std::vector<Member>& data, Kind kind = Kind::tar_xz) {
  return pack(Kind::ar, {{"debian-binary", "2.0\n"},
                         {"control.tar.xz", pack(Kind::tar_xz, {{"./control", control}})},
                         {kind == Kind::tar ? "data.tar" : "data.tar.xz", pack(kind, data)}});
}

}  // namespace suture::kit
