#include "builder/kbuild/kept.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

class Kept : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    directory_.emplace(std::move(*made));
    ASSERT_TRUE(keep(path(), content_));
  }
  fs::path path() const { return directory_->path() / "cache" / "entry"; }
  std::optional<Bytes> mapped() const {
    const auto kept = map_kept(path());
    if (!kept) return std::nullopt;
    return Bytes(kept->view().begin(), kept->view().end());
  }

  std::optional<TempDir> directory_;
  const Bytes content_ = {1, 0, 2, '\n', 3};
};

TEST_F(Kept, IsGivenBack) {
  EXPECT_EQ(read_kept(path()), content_);
  EXPECT_EQ(mapped(), content_);
  EXPECT_EQ(read_kept(path().replace_filename("other")), std::nullopt);
}

TEST_F(Kept, MayBeEmpty) {
  ASSERT_TRUE(keep(path(), {}));
  EXPECT_EQ(read_kept(path()), Bytes());
  EXPECT_EQ(mapped(), Bytes());
}

TEST_F(Kept, IsNotUsedWhereverItIsDamaged) {
  const auto good = *read_file(path());
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] ^= 1;
    ASSERT_TRUE(write_file(path(), bad, Sync::no));
    EXPECT_EQ(read_kept(path()), std::nullopt) << "byte " << at;
    EXPECT_EQ(mapped(), std::nullopt) << "byte " << at;
    ASSERT_TRUE(write_file(path(), ByteView(good).first(at), Sync::no));
    EXPECT_EQ(read_kept(path()), std::nullopt) << "first " << at << " bytes";
    EXPECT_EQ(mapped(), std::nullopt) << "first " << at << " bytes";
  }
}

}  // namespace
}  // namespace suture::builder
