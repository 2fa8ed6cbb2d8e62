#include "trust/archive.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/process.h"

namespace suture::trust {
namespace {

const Bytes one{1, 2, 3};
const Bytes block_long(512, 7);

Bytes archive() { return write_archive({{"a", one}, {"dir/empty", {}}, {"dir/b", block_long}}).value(); }

std::string failure(Bytes bytes) {
  const auto read = read_archive(bytes, "x.tar");
  return read ? "did not fail" : read.error().message();
}

TEST(Archive, IsReadAsItWasWritten) {
  const auto bytes = archive();
  const auto members = read_archive(bytes, "x.tar").value();
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].name, "a");
  EXPECT_EQ(to_hex(members[0].content), "010203");
  EXPECT_EQ(members[1].name, "dir/empty");
  EXPECT_TRUE(members[1].content.empty());
  EXPECT_EQ(to_hex(members[2].content), to_hex(block_long));
}

TEST(Archive, TarUnpacksIt) {
  const auto long_name = "6.1/" + std::string(40, 'a') + "/" + std::string(64, 'b') + ".level-2.tar";
  const auto bytes = write_archive({{long_name, one}, {"a", block_long}}).value();
  const auto dir = TempDir::make().value();
  ASSERT_TRUE(write_file(dir.path() / "x.tar", bytes));
  ASSERT_TRUE(run_checked({.argv = {"tar", "-xf", "x.tar"}, .directory = dir.path()}));
  EXPECT_EQ(*read_file(dir.path() / long_name), one);
  EXPECT_EQ(*read_file(dir.path() / "a"), block_long);
  EXPECT_EQ(read_archive(bytes, "x.tar")->front().name, long_name);
}

TEST(Archive, NamesThatLeaveTheDirectoryAreRefused) {
  for (const std::string name : {"", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\\b", "c:a", "a\nb"}) {
    EXPECT_FALSE(is_clean_name(name)) << name;
    EXPECT_FALSE(write_archive({{name, one}})) << name;
  }
  EXPECT_TRUE(is_clean_name("6.1/a-b_c.d/..e"));
  EXPECT_FALSE(write_archive({{std::string(300, 'a'), one}}));
  EXPECT_FALSE(write_archive({{"a", one}, {"a", one}}));
}

TEST(Archive, EveryChangedByteOfAHeaderIsNoticed) {
  const auto good = archive();
  for (std::size_t i = 0; i < 512; ++i) {
    auto bytes = good;
    bytes[i] ^= 1;
    EXPECT_NE(failure(bytes), "did not fail") << i;
  }
}

TEST(Archive, AnArchiveThatIsCutOrHasMoreIsRefused) {
  const auto good = archive();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{100}, std::size_t{512}, good.size() - 1, good.size() - 512}) {
    EXPECT_NE(failure(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))), "did not fail") << size;
  }
  auto longer = good;
  longer.resize(good.size() + 512);
  EXPECT_NE(failure(longer).find("does not end as it should"), std::string::npos);
}

TEST(Archive, NothingHidesInThePadding) {
  auto bytes = archive();
  bytes[512 + 100] = 1;
  EXPECT_NE(failure(bytes).find("not padded with zeros"), std::string::npos);
}

}  // namespace
}  // namespace suture::trust
