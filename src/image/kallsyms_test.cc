#include "image/kallsyms.h"

#include <gtest/gtest.h>

#include "image/testing/kallsyms_builder.h"

namespace suture::image {

namespace {

using testing::KallsymsBuilder;
using testing::KallsymsLayout;

constexpr std::uint64_t text_begin = 0xffffffff81000000;

/// More than two blocks of 256, with a per-CPU part, a name of 400 characters, and three "twin"s.
std::vector<KernelSymbol> some_symbols() {
  std::vector<KernelSymbol> symbols = {
      {"__per_cpu_start", 0, 'A'}, {"current_task", 0x1ac0, 'A'}, {"_stext", text_begin, 'T'}};
  for (std::uint64_t i = 0; i < 600; ++i)
    symbols.push_back({i % 250 == 7 ? "twin" : fmt::format("function_{}", i), text_begin + 16 * (i / 2), 't'});
  symbols.push_back({std::string(400, 'n'), text_begin + 0x10000, 'd'});
  return symbols;
}

/// Other read-only data around the tables, as in a kernel.
Bytes among_other_data(const Bytes& tables) {
  Bytes rodata;
  for (std::uint64_t i = 0; i < 500; ++i) append_le(rodata, i * i % 700);
  rodata.insert(rodata.end(), tables.begin(), tables.end());
  for (std::uint64_t i = 0; i < 500; ++i) append_le(rodata, i << 32);
  return rodata;
}

class KallsymsLayouts : public ::testing::TestWithParam<std::pair<KallsymsLayout, bool>> {
 protected:
  KallsymsBuilder builder() const {
    KallsymsBuilder builder;
    std::tie(builder.layout, builder.absolute_percpu) = GetParam();
    builder.symbols = some_symbols();
    if (!builder.absolute_percpu) builder.symbols.erase(builder.symbols.begin(), builder.symbols.begin() + 2);
    return builder;
  }
};

TEST_P(KallsymsLayouts, ReadsEveryNameAddressAndType) {
  const auto kallsyms = Kallsyms::parse(among_other_data(builder().build()), "kernel");
  ASSERT_TRUE(kallsyms) << kallsyms.error().describe();
  EXPECT_EQ(kallsyms->symbols(), builder().symbols);
}

TEST_P(KallsymsLayouts, RefusesEveryTruncation) {
  const auto tables = builder().build();
  // What follows the base in the newest layout, seqs, is not needed.
  const auto needed = GetParam().first == KallsymsLayout::offsets_last
                          ? tables.size() - 3 * builder().symbols.size() - 8
                          : tables.size();
  for (std::size_t length = 0; length < needed; length += 61)
    EXPECT_FALSE(Kallsyms::parse(ByteView(tables).first(length), "cut")) << length;
}

INSTANTIATE_TEST_SUITE_P(Known, KallsymsLayouts,
                         ::testing::Values(std::pair(KallsymsLayout::offsets_first, true),
                                           std::pair(KallsymsLayout::offsets_first_and_seqs, true),
                                           std::pair(KallsymsLayout::offsets_last, true),
                                           std::pair(KallsymsLayout::offsets_last, false)));

TEST(Kallsyms, CountsSameNamedSymbolsInTableOrderFromOne) {
  const Kallsyms kallsyms(some_symbols());
  const auto twins = kallsyms.named("twin");
  ASSERT_EQ(twins.size(), 3U);
  EXPECT_LT(twins[0], twins[1]);
  EXPECT_EQ(kallsyms.position_of(twins[0]), 1U);
  EXPECT_EQ(kallsyms.position_of(twins[2]), 3U);
  EXPECT_EQ(kallsyms.position_of(kallsyms.named("current_task").front()), 0U);
}

TEST(Kallsyms, GivesNoAddressForAnAmbiguousOrMissingName) {
  const Kallsyms kallsyms(some_symbols());
  EXPECT_EQ(*kallsyms.unique_address("_stext"), text_begin);
  EXPECT_EQ(kallsyms.unique_address("twin").error().message(), "the kernel has 3 symbols called 'twin'");
  EXPECT_EQ(kallsyms.unique_address("nowhere").error().message(), "the kernel has no symbol 'nowhere'");
}

TEST(Kallsyms, FindsTheFirstOfTheSymbolsAtAnAddress) {
  const Kallsyms kallsyms({{"a", 16, 't'}, {"alias", 16, 't'}, {"b", 32, 't'}});
  EXPECT_EQ(kallsyms.symbol_at(16), 0U);
  EXPECT_EQ(kallsyms.symbol_at(17), std::nullopt);
  EXPECT_EQ(kallsyms.symbol_covering(31), 0U);
  EXPECT_EQ(kallsyms.symbol_covering(99), 2U);
  EXPECT_EQ(kallsyms.symbol_covering(15), std::nullopt);
}

TEST(Kallsyms, RefusesAnEmptyRegionAndSaysWhatIsMissing) {
  const auto kallsyms = Kallsyms::parse(Bytes(4096), "kernel");
  ASSERT_FALSE(kallsyms);
  EXPECT_EQ(kallsyms.error().message(), "kernel: holds no kernel symbols: no table of tokens was found");
}

TEST(Kallsyms, GivesUpOnDataMadeOfTokenTables) {
  KallsymsBuilder builder;
  const auto tables = builder.build();
  Bytes rodata;
  while (rodata.size() < 4 << 20) rodata.insert(rodata.end(), tables.begin(), tables.end());
  EXPECT_FALSE(Kallsyms::parse(rodata, "kernel"));
}

TEST(Kallsyms, RefusesACountThatDisagreesWithTheNames) {
  KallsymsBuilder builder;
  builder.symbols = some_symbols();
  auto tables = builder.build();
  ++tables[0];
  const auto kallsyms = Kallsyms::parse(tables, "kernel");
  ASSERT_FALSE(kallsyms);
  EXPECT_EQ(kallsyms.error().message(), "kernel: holds no kernel symbols: no table of names was found");
}

TEST(Kallsyms, RefusesAddressesThatDescend) {
  KallsymsBuilder builder;
  builder.symbols = some_symbols();
  std::swap(builder.symbols[10].address, builder.symbols[20].address);
  const auto kallsyms = Kallsyms::parse(builder.build(), "kernel");
  ASSERT_FALSE(kallsyms);
  EXPECT_EQ(kallsyms.error().message(), "kernel: holds no kernel symbols: no table of addresses was found");
}

TEST(Kallsyms, RefusesANameLongerThanTheKernelAllows) {
  KallsymsBuilder builder;
  builder.symbols = some_symbols();
  builder.symbols[3].name = std::string(512, 'x');
  const auto kallsyms = Kallsyms::parse(builder.build(), "kernel");
  ASSERT_FALSE(kallsyms);
  EXPECT_NE(kallsyms.error().message().find("kernel symbol 3 of"), std::string::npos);
}

}  // namespace
}  // namespace suture::image
