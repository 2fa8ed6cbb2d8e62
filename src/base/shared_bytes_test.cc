#include "base/shared_bytes.h"

#include <gtest/gtest.h>

namespace suture {
namespace {

TEST(SharedBytes, OfAFileStayAsTheyWereWhenItIsReplacedAndTheFirstHolderGone) {
  const auto directory = TempDir::make();
  ASSERT_TRUE(directory);
  const auto path = directory->path() / "file";
  ASSERT_TRUE(write_text(path, "held by its copies"));
  auto whole = SharedBytes::map(path);
  ASSERT_TRUE(whole);
  const auto part = whole->first(4);
  whole = SharedBytes(Bytes{});
  ASSERT_TRUE(write_text(path, "replaced"));
  EXPECT_EQ(as_text(part.view()), "held");
}

TEST(SharedBytes, OfAFileAreItsWholeContent) {
  const auto directory = TempDir::make();
  ASSERT_TRUE(directory);
  const auto path = directory->path() / "file";
  ASSERT_TRUE(write_text(path, ""));
  EXPECT_TRUE(SharedBytes::map(path)->view().empty());
  ASSERT_TRUE(write_text(path, "replaced"));
  EXPECT_EQ(as_text(SharedBytes::map(path)->view()), "replaced");
}

TEST(SharedBytes, AreOfRegularFilesOnly) {
  EXPECT_EQ(SharedBytes::map("/dev/zero").error().message(), "/dev/zero: is no regular file");
  EXPECT_EQ(SharedBytes::map("/nowhere/at/all").error().message(),
            "/nowhere/at/all: cannot open: No such file or directory");
}

}  // namespace
}  // namespace suture
