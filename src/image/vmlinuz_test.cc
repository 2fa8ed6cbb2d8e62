#include "image/vmlinuz.h"

#include <gtest/gtest.h>

#include "image/testing/bzimage_builder.h"
#include "image/testing/compress.h"

namespace suture::image {
namespace {

/// Calls in it give the x86 filter something to do.
Bytes some_elf() {
  Bytes elf = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0};
  for (std::uint32_t i = 0; i < 5000; ++i) {
    elf.push_back(0xe8);
    append_le<std::uint32_t>(elf, 0x1000 - 5 * i);
  }
  return elf;
}

/// As kbuild does: the unpacked size behind everything but gzip.
Bytes some_payload(Compression compression) {
  auto payload = testing::compress(some_elf(), compression);
  if (compression != Compression::gzip) append_le(payload, static_cast<std::uint32_t>(some_elf().size()));
  return payload;
}

class Payloads : public ::testing::TestWithParam<Compression> {};

TEST_P(Payloads, AreUnpacked) {
  const auto elf = unpack_vmlinuz(testing::wrap_in_bzimage(some_payload(GetParam())), "vmlinuz");
  ASSERT_TRUE(elf) << elf.error().describe();
  EXPECT_EQ(*elf, some_elf());
}

TEST_P(Payloads, AreRefusedWhenCutShort) {
  const auto payload = some_payload(GetParam());
  for (std::size_t length = 0; length < payload.size(); length += payload.size() / 50 + 1)
    EXPECT_FALSE(unpack_vmlinuz(testing::wrap_in_bzimage(ByteView(payload).first(length)), "cut")) << length;
}

TEST_P(Payloads, NeverUnpackToMoreThanTheLimit) {
  const auto compressed = testing::compress(Bytes(1 << 20), GetParam());
  EXPECT_TRUE(decompress(compressed, GetParam(), 1 << 20, "zeros"));
  const auto refused = decompress(compressed, GetParam(), (1 << 20) - 1, "zeros");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "zeros: unpacks to more than 1048575 bytes");
}

INSTANTIATE_TEST_SUITE_P(Compressions, Payloads,
                         ::testing::Values(Compression::gzip, Compression::xz, Compression::zstd, Compression::lz4));

TEST(Vmlinuz, RefusesAPayloadThatIsNotTheSizeItClaims) {
  const auto error_with_size = [](std::size_t size) {
    auto payload = testing::compress(some_elf(), Compression::xz);
    append_le(payload, static_cast<std::uint32_t>(size));
    const auto elf = unpack_vmlinuz(testing::wrap_in_bzimage(payload), "vmlinuz");
    return elf ? "no error" : elf.error().message();
  };
  EXPECT_EQ(error_with_size(some_elf().size() - 1), "vmlinuz: unpacks to more than 25007 bytes");
  EXPECT_EQ(error_with_size(some_elf().size() + 1),
            "vmlinuz: the kernel at offset 0xa40 unpacks to 25008 bytes, but says it has 25009 (truncated or corrupt)");
}

TEST(Vmlinuz, RefusesAFileWithoutBootHeader) {
  for (const auto& file : {Bytes(), Bytes(512), Bytes(8192), some_elf()}) {
    const auto elf = unpack_vmlinuz(file, "README");
    ASSERT_FALSE(elf);
    EXPECT_EQ(elf.error().message(), "README: is not a Linux bzImage: no boot header at offset 0x202");
  }
}

TEST(Vmlinuz, RefusesAPayloadBeyondTheEndOfTheFile) {
  auto image = testing::wrap_in_bzimage(some_payload(Compression::gzip));
  store_le<std::uint32_t>(image, 0x24c, UINT32_MAX);
  EXPECT_FALSE(unpack_vmlinuz(image, "vmlinuz"));
  image.resize(image.size() / 2);
  EXPECT_FALSE(unpack_vmlinuz(image, "vmlinuz"));
}

TEST(Vmlinuz, NamesAnUnknownCompression) {
  const auto elf = unpack_vmlinuz(testing::wrap_in_bzimage(as_bytes("BZh9 and more")), "vmlinuz");
  ASSERT_FALSE(elf);
  EXPECT_NE(elf.error().message().find("begins with 425a6839"), std::string::npos);
}

}  // namespace
}  // namespace suture::image
