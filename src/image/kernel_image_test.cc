#include "image/kernel_image.h"

#include <gtest/gtest.h>

#include "image/testing/bzimage_builder.h"
#include "image/testing/compress.h"
#include "image/testing/kernel_builder.h"

namespace suture::image {
namespace {

using testing::KernelBuilder;

KernelImage parse(const KernelBuilder& builder) {
  auto image = KernelImage::parse(builder.build(), "vmlinux");
  EXPECT_TRUE(image) << image.error().describe();
  return std::move(*image);
}

std::string error_of(const KernelBuilder& builder) {
  const auto image = KernelImage::parse(builder.build(), "vmlinux");
  return image ? "no error" : image.error().describe();
}

TEST(KernelImage, TellsWhichKernelItIs) {
  const auto image = parse(KernelBuilder());
  EXPECT_EQ(image.release(), "6.1.0-53-amd64");
  EXPECT_EQ(image.compiler(), "gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40");
  EXPECT_EQ(image.build_id(), "deadbeef");
  EXPECT_TRUE(image.banner().ends_with("#1 SMP Debian 6.1.187-1"));
}

TEST(KernelImage, IsOpenedFromABzImage) {
  auto payload = testing::compress_zstd(KernelBuilder().build());
  append_le(payload, static_cast<std::uint32_t>(KernelBuilder().build().size()));
  const auto directory = TempDir::make();
  ASSERT_TRUE(directory);
  const auto path = directory->path() / "vmlinuz";
  ASSERT_TRUE(write_file(path, testing::wrap_in_bzimage(payload)));
  const auto image = KernelImage::open(path);
  ASSERT_TRUE(image) << image.error().describe();
  EXPECT_EQ(image->release(), "6.1.0-53-amd64");
}

TEST(KernelImage, FindsTheFentryAtTheStartOrBehindEndbr) {
  const auto function = [](std::uint64_t number) { return KernelBuilder::text_begin + 32 * number; };
  KernelBuilder builder;
  store_le<std::uint32_t>(builder.text, 32, 0xfa1e0ff3);
  store_le<std::uint32_t>(builder.text, 96, 0xfa1e0ff3);
  builder.call_sites = {function(0), function(1) + 4, 0, function(2) + 4, 0};
  const auto image = parse(builder);
  EXPECT_EQ(image.fentry_site(function(0)), function(0));
  EXPECT_EQ(image.fentry_site(function(1)), function(1) + 4);
  EXPECT_FALSE(image.has_fentry(function(2))) << "four bytes of another instruction, and then a call site";
  EXPECT_FALSE(image.has_fentry(function(3))) << "ENDBR, but no call site";
  EXPECT_FALSE(image.has_fentry(0)) << "a zero entry is no function";
}

TEST(KernelImage, TellsWhereIndirectBranchesMayLead) {
  const auto function = [](std::uint64_t number) { return KernelBuilder::text_begin + 32 * number; };
  const auto list = KernelBuilder::text_begin + 512;
  KernelBuilder builder;
  store_le<std::uint32_t>(builder.text, 0, 0xfa1e0ff3);
  store_le<std::uint32_t>(builder.text, 32, 0xfa1e0ff3);
  store_le<std::uint32_t>(builder.text, 512, static_cast<std::uint32_t>(function(1) - list));
  EXPECT_FALSE(parse(builder).tracks_indirect_branches());
  builder.symbols = {{"__ibt_endbr_seal", list, 'T'}, {"__ibt_endbr_seal_end", list + 4, 'T'}};
  const auto image = parse(builder);
  EXPECT_TRUE(image.tracks_indirect_branches());
  EXPECT_TRUE(image.is_indirect_target(function(0)));
  EXPECT_FALSE(image.is_indirect_target(function(1))) << "sealed at boot";
  EXPECT_FALSE(image.is_indirect_target(function(2))) << "no ENDBR";
}

TEST(KernelImage, GivesBytesByAddressWithinOneSection) {
  KernelBuilder builder;
  builder.text[16] = 0xe8;
  const auto image = parse(builder);
  const auto bytes = image.bytes_at(KernelBuilder::text_begin + 16, 2);
  ASSERT_TRUE(bytes) << bytes.error().describe();
  EXPECT_EQ((*bytes)[0], 0xe8);
  EXPECT_TRUE(image.bytes_at(KernelBuilder::text_end - 1, 1));
  EXPECT_FALSE(image.bytes_at(KernelBuilder::text_end - 1, 2));
  EXPECT_FALSE(image.bytes_at(KernelBuilder::text_begin, UINT64_MAX));
  EXPECT_EQ(image.bytes_at(KernelBuilder::bss_begin, 8).error().message(),
            "vmlinux: has no bytes for 0xffffffff84000000: it lies in .bss, which is zeroed at boot");
  EXPECT_EQ(image.section_at(KernelBuilder::bss_begin)->name, ".bss");
  EXPECT_EQ(image.section_at(4096), nullptr);
}

TEST(KernelImage, TellsCodeInitMemoryNoinstrAndPerCpuApart) {
  const auto image = parse(KernelBuilder());
  EXPECT_TRUE(image.in_text(KernelBuilder::text_begin));
  EXPECT_FALSE(image.in_text(KernelBuilder::text_end));
  EXPECT_TRUE(image.in_noinstr(KernelBuilder::text_end - 1));
  EXPECT_FALSE(image.in_noinstr(KernelBuilder::text_begin));
  EXPECT_TRUE(image.in_init(KernelBuilder::init_end - 1));
  EXPECT_TRUE(image.in_init_text(KernelBuilder::init_begin));
  EXPECT_FALSE(image.in_init_text(KernelBuilder::init_end - 1));
  EXPECT_TRUE(image.in_percpu(8));
}

TEST(KernelImage, NamesWhatAKernelLacks) {
  const auto without = [](const std::string& name) {
    KernelBuilder builder;
    builder.without = {name};
    return error_of(builder);
  };
  EXPECT_EQ(without(".BTF"), "vmlinux: has no type information (.BTF)");
  EXPECT_EQ(without(".rodata"), "vmlinux: has no section .rodata");
  EXPECT_EQ(without(".notes"), "vmlinux: has no GNU build-id");
  EXPECT_EQ(without("__start_mcount_loc"), "vmlinux: the kernel has no symbol '__start_mcount_loc'");
  EXPECT_EQ(without("linux_banner"), "vmlinux: the kernel has no symbol 'linux_banner'");
}

TEST(KernelImage, RefusesATableOfCallSitesThatEndsBeforeItBegins) {
  KernelBuilder builder;
  builder.without = {"__stop_mcount_loc"};
  builder.symbols = {{"__stop_mcount_loc", KernelBuilder::init_begin, 'D'}};
  EXPECT_EQ(error_of(builder), "vmlinux: '__start_mcount_loc' lies after '__stop_mcount_loc'");
}

TEST(KernelImage, RefusesABannerThatIsNone) {
  KernelBuilder builder;
  builder.banner = "something else";
  EXPECT_EQ(error_of(builder), "vmlinux: 'linux_banner' does not begin with 'Linux version '");
  builder.banner = "Linux version 6.1.0 (without a compiler";
  EXPECT_EQ(parse(builder).compiler(), "");
}

TEST(KernelImage, RefusesEveryTruncation) {
  const auto bytes = KernelBuilder().build();
  for (std::size_t length = 0; length < bytes.size(); length += 97)
    EXPECT_FALSE(KernelImage::parse(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)), "cut"))
        << length;
}

TEST(KernelImage, RefusesAnObjectFile) {
  auto bytes = KernelBuilder().build();
  store_le<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_type), ET_REL);
  EXPECT_EQ(KernelImage::parse(bytes, "a.o").error().message(),
            "a.o: is not a linked kernel (ELF type 1)");
}

}  // namespace
}  // namespace suture::image
