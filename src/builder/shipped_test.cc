#include "builder/shipped.h"

#include <gtest/gtest.h>

#include "image/testing/bzimage_builder.h"
#include "image/testing/compress.h"
#include "image/testing/kernel_builder.h"

namespace suture::builder {
namespace {

class OpenImage : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::make();
    ASSERT_TRUE(made);
    directory_.emplace(std::move(*made));
    kit_.root = directory_->path();
    ASSERT_TRUE(make_directories(kit_.vmlinuz().parent_path()));
    ship("6.1.0-53-amd64");
  }
  void ship(const std::string& release) {
    image::testing::KernelBuilder kernel;
    kernel.banner = "Linux version " + release + " (a@b) (gcc) #1\n";
    const auto vmlinuz = image::testing::wrap_in_bzimage(image::testing::compress_gzip(kernel.build()));
    ASSERT_TRUE(write_file(kit_.vmlinuz(), vmlinuz));
  }
  std::string opened_release() const {
    const auto image = open_image(kit_);
    return image ? image->release() : image.error().describe();
  }
  fs::path only_kept() const { return *fs::directory_iterator(kit_.cache()); }

  kit::Kit kit_;
  std::optional<TempDir> directory_;
};

TEST_F(OpenImage, KeepsTheUnpackedKernel) {
  EXPECT_EQ(opened_release(), "6.1.0-53-amd64");
  const auto kept = *read_file(only_kept());
  EXPECT_TRUE(
      as_text(kept).starts_with("\x7f"
                                "ELF"));
  EXPECT_EQ(opened_release(), "6.1.0-53-amd64");
}

TEST_F(OpenImage, UnpacksADamagedOneAgain) {
  EXPECT_EQ(opened_release(), "6.1.0-53-amd64");
  const auto whole = *read_file(only_kept());
  auto damaged = whole;
  damaged[0x2000] ^= 1;
  ASSERT_TRUE(write_file(only_kept(), damaged, Sync::no));
  EXPECT_EQ(opened_release(), "6.1.0-53-amd64");
  EXPECT_EQ(*read_file(only_kept()), whole);
}

TEST_F(OpenImage, GoesByTheShippedFileNotByWhatWasKeptOfAnother) {
  EXPECT_EQ(opened_release(), "6.1.0-53-amd64");
  ship("6.1.0-54-amd64");
  EXPECT_EQ(opened_release(), "6.1.0-54-amd64");
}

TEST_F(OpenImage, WorksWhereNothingCanBeKept) {
  ASSERT_TRUE(write_text(kit_.cache(), "not a directory"));
  EXPECT_EQ(opened_release(), "6.1.0-53-amd64");
}

}  // namespace
}  // namespace suture::builder
