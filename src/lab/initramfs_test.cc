#include "lab/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <memory>

namespace suture::lab {
namespace {

// What a newc reader that is not ours sees: "path type mode content".
std::vector<std::string> unpack(const Bytes& bytes) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(), &archive_read_free);
  archive_read_support_format_cpio(reader.get());
  EXPECT_EQ(archive_read_open_memory(reader.get(), bytes.data(), bytes.size()), ARCHIVE_OK);
  std::vector<std::string> seen;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
    std::string content;
    const char* type = archive_entry_filetype(entry) == AE_IFDIR ? "dir" : "file";
    if (const char* target = archive_entry_symlink(entry); target != nullptr) {
      type = "link";
      content = target;
    } else {
      content.resize(static_cast<std::size_t>(archive_entry_size(entry)));
      EXPECT_EQ(archive_read_data(reader.get(), content.data(), content.size()),
                static_cast<la_ssize_t>(content.size()));
    }
    EXPECT_EQ(archive_entry_uid(entry), 0);
    EXPECT_EQ(archive_entry_mtime(entry), 0);
    seen.push_back(
        fmt::format("{} {} {:o} {}", archive_entry_pathname(entry), type, archive_entry_perm(entry), content));
  }
  return seen;
}

TEST(Initramfs, ReadsBackWithItsDirectoriesFirst) {
  Initramfs root;
  root.add_text("sub/deep/b", "bee\n");
  root.add_text("init", "#!/bin/sh\n", 0755);
  root.add_link("bin/sh", "busybox");
  const auto packed = root.pack();
  ASSERT_TRUE(packed);
  EXPECT_EQ(unpack(*packed),
            (std::vector<std::string>{"bin dir 755 ", "bin/sh link 777 busybox", "init file 755 #!/bin/sh\n",
                                      "sub dir 755 ", "sub/deep dir 755 ", "sub/deep/b file 644 bee\n"}));
}

TEST(Initramfs, EqualContentGivesEqualBytesWhateverTheOrderOfAdding) {
  Initramfs one, other;
  one.add_text("a", "1");
  one.add_text("b", "2");
  other.add_text("b", "2");
  other.add_text("a", "1");
  EXPECT_EQ(one.pack().value(), other.pack().value());
}

TEST(Initramfs, IsNewcAndNotCompressed) {
  Initramfs root;
  root.add_text("a", "1");
  const auto packed = root.pack().value();
  EXPECT_TRUE(as_text(packed).starts_with("070701"));
  EXPECT_EQ(packed.size() % 4, 0U);
}

TEST(Busybox, RefusesADynamicallyLinkedProgram) {
  const auto refused = read_static_busybox("/proc/self/exe");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("dynamically linked"), std::string::npos);
  EXPECT_NE(refused.error().advice().find("busybox-static"), std::string::npos);
}

TEST(Busybox, RefusesATruncatedProgram) {
  const auto directory = TempDir::make().value();
  const auto path = directory.path() / "busybox";
  ASSERT_TRUE(write_text(path,
                         "\x7f"
                         "ELF and no more"));
  EXPECT_FALSE(read_static_busybox(path));
  ASSERT_TRUE(write_text(path, "#!/bin/sh\n"));
  EXPECT_FALSE(read_static_busybox(path));
}

}  // namespace
}  // namespace suture::lab
