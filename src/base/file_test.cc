#include "base/file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace suture {
namespace {

TEST(File, AFailedWriteLeavesTheOldContentAndNoLitter) {
  const auto dir = TempDir::make();
  ASSERT_TRUE(dir);
  const auto path = dir->path() / "missing" / "file";
  EXPECT_FALSE(write_text(path, "new"));
  EXPECT_TRUE(fs::is_empty(dir->path()));
}

TEST(File, WriteReplacesTheWholeContent) {
  const auto dir = TempDir::make();
  ASSERT_TRUE(dir);
  const auto path = dir->path() / "file";
  ASSERT_TRUE(write_text(path, "a long first version"));
  ASSERT_TRUE(write_text(path, "short"));
  EXPECT_EQ(*read_text(path), "short");
}

TEST(File, ReadingADirectoryIsAnError) {
  const auto read = read_file("/");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("is a directory"), std::string::npos);
}

TEST(File, ReadingAFileThatFitsInNoMemoryIsAnError) {
  const auto dir = TempDir::make();
  ASSERT_TRUE(dir);
  const auto path = dir->path() / "sparse";
  ASSERT_TRUE(write_text(path, ""));
  fs::resize_file(path, std::uintmax_t{1} << 42);
  const auto read = read_file(path);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("is larger than"), std::string::npos);
}

TEST(File, ReadingADeviceThatNeverEndsIsAnError) {
  const auto read = read_file("/dev/zero");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("is no file"), std::string::npos);
}

TEST(TempDir, IsGoneWithItsOwner) {
  fs::path path;
  {
    const auto dir = TempDir::make();
    ASSERT_TRUE(dir);
    path = dir->path();
    ASSERT_TRUE(write_text(path / "x", "x"));
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace suture
