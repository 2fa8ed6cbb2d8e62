#include "patch/callers/kernel_uses.h"

#include <gtest/gtest.h>

#include <span>

#include "image/kernel_image.h"
#include "image/testing/kernel_builder.h"

namespace suture::patch {
namespace {

using image::testing::KernelBuilder;

constexpr auto text = KernelBuilder::text_begin;
constexpr auto data = KernelBuilder::data_begin;
constexpr auto quiet = text + 0x100;  // what everything here leads to
constexpr auto caller = text + 0x200;

/// A kernel with the functions quiet and caller, and the variable ops.
class KernelUses : public ::testing::Test {
 protected:
  KernelUses() {
    kernel.symbols = {{"quiet", quiet, 'T'}, {"caller", caller, 't'}, {"next", text + 0x300, 't'}, {"ops", data, 'D'}};
    kernel.words = {data + 0x80};  // a table is never empty
  }

  void code(std::uint64_t address, const Bytes& bytes) {
    std::copy(bytes.begin(), bytes.end(), kernel.text.begin() + static_cast<std::ptrdiff_t>(address - text));
  }
  /// An instruction that ends with the distance from its end to `to`.
  void code(std::uint64_t address, Bytes bytes, std::uint64_t to) {
    append_le(bytes, static_cast<std::uint32_t>(to - (address + bytes.size() + 4)));
    code(address, bytes);
  }

  std::vector<ShippedUse> uses() const {
    const auto image = image::KernelImage::parse(kernel.build(), "vmlinuz");
    EXPECT_TRUE(image) << image.error().describe();
    auto found = find_kernel_uses(*image, {quiet});
    EXPECT_TRUE(found) << found.error().describe();
    return *found;
  }
  ShippedUse only_use() const {
    const auto found = uses();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? ShippedUse{} : found.front();
  }

  KernelBuilder kernel;
};

TEST_F(KernelUses, ACall) {
  code(caller, {0xe8}, quiet);
  const auto use = only_use();
  EXPECT_EQ(use.function, quiet);
  EXPECT_EQ(use.user, caller);
  EXPECT_EQ(use.user_name, "caller");
  EXPECT_TRUE(use.call);
}

TEST_F(KernelUses, AConditionalTailJump) {
  code(caller, {0x0f, 0x84}, quiet);
  EXPECT_TRUE(only_use().call);
}

TEST_F(KernelUses, AFunctionThatCallsItselfIsNoOtherUse) {
  code(quiet + 0x20, {0xe8}, quiet);
  EXPECT_TRUE(uses().empty());
}

TEST_F(KernelUses, BytesThatOnlyLookLikeADistance) {
  // movabs, of whose value four bytes are just the distance to quiet from behind them.
  code(caller, {0x48, 0xb8}, quiet);
  EXPECT_TRUE(uses().empty());
}

TEST_F(KernelUses, AnAddressThatCodeComputes) {
  code(caller, {0x48, 0x8d, 0x05}, quiet);  // lea quiet(%rip), %rax
  const auto use = only_use();
  EXPECT_FALSE(use.call);
  EXPECT_EQ(use.how, "caller takes its address");
}

TEST_F(KernelUses, AnAddressInAnInstruction) {
  Bytes move = {0x48, 0xc7, 0xc7};  // mov $quiet, %rdi
  append_le(move, static_cast<std::uint32_t>(quiet));
  code(caller, move);
  kernel.halves = {caller + 3};
  EXPECT_EQ(only_use().how, "caller takes its address");
}

TEST_F(KernelUses, APointerInData) {
  store_le(std::span(kernel.data), 8, quiet);
  kernel.words = {data + 8};
  EXPECT_EQ(only_use().how, "ops (.data) holds its address");
}

TEST_F(KernelUses, ADistanceInData) {
  store_le(std::span(kernel.data), 12, static_cast<std::uint32_t>(quiet - (data + 12)));
  EXPECT_EQ(only_use().how, "ops (.data) holds its address");
}

TEST_F(KernelUses, ATrampolineOfAStaticCall) {
  kernel.symbols[1].name = "__SCT__tick";
  code(caller, {0xe9}, quiet);
  const auto use = only_use();
  EXPECT_FALSE(use.call);
  EXPECT_NE(use.how.find("__SCT__tick leads to it"), std::string::npos) << use.how;
}

TEST_F(KernelUses, WhatIsGivenBackAfterBootLeadsNowhere) {
  kernel.words = {KernelBuilder::init_begin + 0x808};
  kernel.call_sites = {caller, quiet};  // in .init.data, the second at 8
  EXPECT_TRUE(uses().empty());
}

TEST_F(KernelUses, WithoutATableOfAbsoluteAddressesNothingIsKnown) {
  kernel.words.clear();
  const auto image = image::KernelImage::parse(kernel.build(), "vmlinuz");
  ASSERT_TRUE(image);
  EXPECT_FALSE(find_kernel_uses(*image, {quiet}));
}

}  // namespace
}  // namespace suture::patch
