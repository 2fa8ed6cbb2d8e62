#include "base/digest.h"

#include <gtest/gtest.h>

namespace suture {
namespace {

TEST(Digest, OfAFileIsThatOfItsBytes) {
  const auto dir = TempDir::make();
  ASSERT_TRUE(dir);
  const std::string text(200'000, 'x');  // more than one read
  ASSERT_TRUE(write_text(dir->path() / "file", text));
  EXPECT_EQ(*sha256_file(dir->path() / "file"), sha256_hex(as_bytes(text)));
}

TEST(Digest, OfAMissingFileIsAnError) { EXPECT_FALSE(sha256_file("/no/such/file")); }

TEST(Digest, TellsWhereAPartEnds) { EXPECT_NE(Digest().add("ab").add("c").hex(), Digest().add("a").add("bc").hex()); }

}  // namespace
}  // namespace suture
