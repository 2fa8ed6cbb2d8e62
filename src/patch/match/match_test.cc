#include "patch/match/match.h"

#include <gtest/gtest.h>

#include "image/shipped_module.h"
#include "patch/match/shipped.h"
#include "patch/testing/linker.h"
#include "patch/testing/object_maker.h"

namespace suture::patch {
namespace {

using testing::link_kernel;
using testing::link_module;
using testing::LinkedKernel;
using testing::ObjectMaker;

// clang-format off
const Bytes call_and_return = {0xe8, 0, 0, 0, 0, 0xc3};                       // call x; ret
const Bytes jump_away       = {0xe9, 0, 0, 0, 0};                             // jmp x
const Bytes count_up        = {0x83, 0x05, 0, 0, 0, 0, 0x01, 0xc3};           // addl $1, x(%rip); ret
const Bytes load_string     = {0x48, 0xc7, 0xc7, 0, 0, 0, 0, 0xc3};           // mov $x, %rdi; ret
const Bytes twice_and_return = {0x8d, 0x04, 0x3f, 0xc3};                      // lea (%rdi,%rdi), %eax; ret
// clang-format on
constexpr auto global = std::uint8_t{STB_GLOBAL};

MatchResult match(const elf::Object& rebuilt, const LinkedKernel& kernel, const std::vector<std::string>& names = {}) {
  const image::Kallsyms symbols(kernel.symbols);
  const auto bytes_at = [&](std::uint64_t address, std::uint64_t length) -> Result<ByteView> {
    const auto offset = address - LinkedKernel::base;
    if (offset > kernel.memory.size() || length > kernel.memory.size() - offset) return fail("no such address");
    return ByteView(kernel.memory).subspan(offset, length);
  };
  auto result = matching::match_object(rebuilt, *matching::shipped_kernel(symbols, bytes_at), names);
  EXPECT_TRUE(result) << result.error().describe();
  return result ? *result : MatchResult{};
}

/// A driver as there are many: each has its own `init_once` and `count.0`.
elf::Object driver(std::string_view entry) {
  return ObjectMaker()
      .function(".text", "init_once", count_up, {{2, R_X86_64_PC32, ".data", 8 - 5}})
      .function(".text", entry, load_string, {{3, R_X86_64_32S, ".rodata.str1.1", 7}}, global)
      .function(".text", std::string(entry) + "_exit", call_and_return, {{1, R_X86_64_PLT32, "release", -4}}, global)
      .variable(".data", "state", Bytes(8))
      .variable(".data", "count.0", Bytes(4))
      .string("driver")
      .string(entry)
      .finish();
}

elf::Object core() { return ObjectMaker().function(".text", "release", {0xc3}, {}, global).finish(); }

TEST(MatchVmlinux, NeighboursTellStaticSymbolsOfOneNameApart) {
  const auto kernel = link_kernel({driver("alpha"), core(), driver("beta")});
  const auto result = match(driver("beta"), kernel);
  EXPECT_EQ(result.matched, (std::vector<std::string>{"init_once", "beta", "beta_exit"}));
  EXPECT_TRUE(result.mismatched.empty());
  EXPECT_EQ(result.symbols.at("init_once"), (ShippedSymbol{"init_once", 2, kernel.address_of("init_once", 1)}));
  EXPECT_EQ(result.symbols.at("count.0"), (ShippedSymbol{"count.0", 2, kernel.address_of("count.0", 1)}));
  EXPECT_EQ(result.symbols.at("release"), (ShippedSymbol{"release", 0, kernel.address_of("release")}));
}

TEST(MatchVmlinux, NamesTheFirstDifferingInstructionOfBothSides) {
  auto kernel = link_kernel({core(), driver("alpha")});
  kernel.at(kernel.address_of("init_once") + 6) = 2;
  const auto result = match(driver("alpha"), kernel);
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].function, "init_once");
  EXPECT_EQ(result.mismatched[0].difference, Difference::code);
  EXPECT_EQ(result.mismatched[0].offset, 0U);
  EXPECT_NE(result.mismatched[0].rebuilt.find("add"), std::string::npos);
  EXPECT_NE(result.mismatched[0].rebuilt.find("<.data+0x8>"), std::string::npos);
  EXPECT_NE(result.mismatched[0].shipped.find("$0x02"), std::string::npos) << result.mismatched[0].shipped;
}

TEST(MatchVmlinux, ACallToAnotherFunctionIsAMismatch) {
  auto kernel = link_kernel({core(), driver("alpha")});
  kernel.at(kernel.address_of("alpha_exit") + 1) += 16;
  const auto result = match(driver("alpha"), kernel);
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::reference);
  EXPECT_NE(result.mismatched[0].rebuilt.find("<release>"), std::string::npos);
  EXPECT_NE(result.mismatched[0].shipped.find("<init_once>"), std::string::npos) << result.mismatched[0].shipped;
}

TEST(MatchVmlinux, AnotherStringIsAMismatchThoughTheCodeIsEqual) {
  const auto with_text = [](std::string_view text) {
    return ObjectMaker()
        .string(text)
        .function(".text", "warn", load_string, {{3, R_X86_64_32S, ".rodata.str1.1", 0}}, global)
        .finish();
  };
  EXPECT_EQ(match(with_text("a"), link_kernel({with_text("a")})).matched.size(), 1U);
  const auto result = match(with_text("a"), link_kernel({with_text("b")}));
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::reference);
}

TEST(MatchVmlinux, AnOverriddenWeakFunctionIsAMismatchEvenIfTheCodeIsEqual) {
  const auto weak = ObjectMaker()
                        .function(".text", "arch_setup", {0xc3}, {}, STB_WEAK)
                        .function(".text", "setup", call_and_return, {{1, R_X86_64_PLT32, "arch_setup", -4}}, global)
                        .finish();
  const auto strong = ObjectMaker().function(".text", "arch_setup", {0xc3}, {}, global).finish();
  const auto kernel = link_kernel({weak, strong});
  const auto result = match(weak, kernel);
  EXPECT_EQ(result.matched, std::vector<std::string>{"setup"});
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::overridden);
  EXPECT_EQ(result.symbols.at("arch_setup").address, kernel.address_of("arch_setup"))
      << "callers mean the definition that was linked";

  EXPECT_EQ(match(weak, link_kernel({weak})).matched.size(), 2U) << "nothing overrides it here";
}

TEST(MatchVmlinux, EqualFunctionsThatNothingTellsApartAreAmbiguous) {
  const auto lonely = ObjectMaker().function(".exit.text", "cleanup", twice_and_return).finish();
  const auto result = match(lonely, link_kernel({lonely, lonely}));
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::ambiguous);
  EXPECT_TRUE(result.symbols.empty());
  EXPECT_EQ(match(lonely, link_kernel({lonely})).matched.size(), 1U);
}

TEST(MatchVmlinux, AJumpFromKnownCodeTellsWhichColdPartIsMeant) {
  const auto with_cold = [](std::string_view entry) {
    return ObjectMaker()
        .function(".text", entry, jump_away, {{1, R_X86_64_PC32, ".text.unlikely", -4}}, global)
        .function(".text.unlikely", "parse.cold", {0x0f, 0x0b})
        .finish();
  };
  const auto kernel = link_kernel({with_cold("alpha"), with_cold("beta")});
  const auto result = match(with_cold("beta"), kernel);
  EXPECT_EQ(result.matched.size(), 2U);
  EXPECT_EQ(result.symbols.at("parse.cold").position, 2U);
}

TEST(MatchVmlinux, WhatAnAmbiguousFunctionRefersToCanTellWhichItIs) {
  const auto with_cleanup = [](std::string_view entry) {
    return ObjectMaker()
        .function(".text", entry, count_up, {{2, R_X86_64_PC32, ".data", -5}}, global)
        .function(".exit.text", "cleanup", count_up, {{2, R_X86_64_PC32, ".data", -5}})
        .variable(".data", "users", Bytes(4))
        .finish();
  };
  const auto kernel = link_kernel({with_cleanup("alpha"), with_cleanup("beta")});
  EXPECT_EQ(match(with_cleanup("alpha"), kernel).symbols.at("cleanup").position, 1U);
  EXPECT_EQ(match(with_cleanup("beta"), kernel).symbols.at("cleanup").position, 2U);
}

TEST(MatchVmlinux, AnEqualFunctionOfAnotherFileDoesNotMoveAFileThatDiffers) {
  const auto file = [](std::uint8_t scale) {
    const Bytes code = {0x8d, 0x04, scale, 0xc3};
    return ObjectMaker()
        .function(".text", "first", code, {}, global)
        .function(".text", "second", code, {}, global)
        .function(".text", "fill", code)
        .finish();
  };
  const auto other = ObjectMaker().function(".text", "fill", {0x8d, 0x04, 0x3f, 0xc3}).finish();
  const auto result = match(file(0x3f), link_kernel({other, file(0x7f)}));
  EXPECT_TRUE(result.matched.empty());
  ASSERT_EQ(result.mismatched.size(), 3U);
  for (const auto& mismatch : result.mismatched) EXPECT_EQ(mismatch.difference, Difference::code);
}

TEST(MatchVmlinux, AStaticFunctionElsewhereIsNotWhatAFileImports) {
  const auto caller =
      ObjectMaker().function(".text", "run", call_and_return, {{1, R_X86_64_PLT32, "release", -4}}, global).finish();
  const auto other = ObjectMaker().function(".text", "release", {0xc3}).finish();
  auto kernel = link_kernel({caller, core(), other});
  kernel.at(kernel.address_of("run") + 1) += 16;
  ASSERT_EQ(kernel.address_of("release", 1), kernel.address_of("release") + 16);
  const auto result = match(caller, kernel);
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::reference);
}

TEST(MatchVmlinux, AFunctionThatMovedWithinItsFileIsDisplaced) {
  const auto file = [](std::size_t gap) {
    return ObjectMaker()
        .function(".text", "first", twice_and_return, {}, global)
        .function(".text", "second", twice_and_return, {}, global)
        .function(".text", "third", Bytes(gap, 0xc3), {}, global)
        .function(".text", "fourth", twice_and_return, {}, global)
        .finish();
  };
  const auto result = match(file(1), link_kernel({file(17)}));
  EXPECT_EQ(result.matched, (std::vector<std::string>{"first", "second", "third"}));
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].function, "fourth");
  EXPECT_EQ(result.mismatched[0].difference, Difference::displaced);
}

TEST(MatchVmlinux, AFunctionThatSeesItsFilesDataElsewhereIsAMismatch) {
  ObjectMaker maker;
  for (const auto* name : {"one", "two", "three"})
    maker.function(".text", name, count_up, {{2, R_X86_64_PC32, ".data", -5}}, global);
  const auto object = maker.variable(".data", "total", Bytes(16)).finish();
  auto kernel = link_kernel({object});
  kernel.at(kernel.address_of("two") + 2) += 8;
  const auto result = match(object, kernel);
  EXPECT_EQ(result.matched, (std::vector<std::string>{"one", "three"}));
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::reference);
  EXPECT_NE(result.mismatched[0].shipped.find("<total+0x8>"), std::string::npos) << result.mismatched[0].shipped;
}

TEST(MatchVmlinux, DataThatNoCodeRefersToIsFoundByItsNames) {
  const auto file = [](std::string_view table) {
    return ObjectMaker()
        .variable(".data", "fields", Bytes(8))
        .variable(".data", table, Bytes(8))
        .variable(".rodata", "names", Bytes(8))
        .finish();
  };
  const auto kernel = link_kernel({file("alpha"), file("beta")});
  const auto result = match(file("beta"), kernel);
  EXPECT_EQ(result.symbols.at("fields").position, 2U) << "beside beta";
  EXPECT_FALSE(result.symbols.contains("names")) << "could be either";
}

TEST(MatchVmlinux, AnUndefinedWeakSymbolIsAtZero) {
  const auto object = ObjectMaker()
                          .weak("optional_hook")
                          .function(".text", "run", call_and_return, {{1, R_X86_64_PLT32, "optional_hook", -4}}, global)
                          .finish();
  const auto other = ObjectMaker().function(".text", "optional_hook", {0xc3}).finish();
  const auto result = match(object, link_kernel({object, other}));
  EXPECT_EQ(result.matched.size(), 1U);
  EXPECT_FALSE(result.symbols.contains("optional_hook"));
}

TEST(MatchVmlinux, SaysWhatTheShippedKernelLacks) {
  const auto result = match(driver("gamma"), link_kernel({core()}));
  ASSERT_EQ(result.mismatched.size(), 3U);
  for (const auto& mismatch : result.mismatched) EXPECT_EQ(mismatch.difference, Difference::absent);
}

TEST(MatchVmlinux, ChecksOnlyWhatWasAskedForButKnowsTheRest) {
  const auto kernel = link_kernel({driver("alpha"), core(), driver("beta")});
  const auto result = match(driver("alpha"), kernel, {"init_once"});
  EXPECT_EQ(result.checked, std::vector<std::string>{"init_once"});
  EXPECT_EQ(result.symbols.at("init_once").position, 1U);
  EXPECT_TRUE(result.symbols.contains("alpha_exit"));
}

TEST(MatchVmlinux, RefusesANameThatIsNoFunction) {
  const auto kernel = link_kernel({core()});
  const image::Kallsyms symbols(kernel.symbols);
  const auto nothing = [](std::uint64_t, std::uint64_t) -> Result<ByteView> { return fail("nothing"); };
  const auto result = matching::match_object(core(), *matching::shipped_kernel(symbols, nothing), {"releese"});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message().find("'releese'"), std::string::npos);
}

TEST(MatchVmlinux, AFunctionBeyondItsSectionIsUnreadable) {
  auto object = core();
  object.symbols[object.find_symbol("release")].size = 0x1000;
  const auto result = match(object, link_kernel({core()}));
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::unreadable);
}

image::ShippedModule shipped(const elf::Object& object) {
  auto module = image::ShippedModule::parse(*elf::write_object(object), "sample.ko");
  EXPECT_TRUE(module) << module.error().describe();
  return *std::move(module);
}

MatchResult match(const elf::Object& rebuilt, const image::ShippedModule& module) {
  auto result = match_module(rebuilt, module, {});
  EXPECT_TRUE(result) << result.error().describe();
  return result ? *result : MatchResult{};
}

TEST(MatchModule, FindsOneFilesPartOfAModule) {
  const auto module = shipped(link_module({driver("alpha"), core(), driver("beta")}));
  const auto result = match(driver("beta"), module);
  EXPECT_EQ(result.matched.size(), 3U);
  EXPECT_TRUE(result.mismatched.empty());
  EXPECT_EQ(result.symbols.at("init_once").position, 2U);
  EXPECT_EQ(result.symbols.at("count.0").position, 2U);
  EXPECT_EQ(result.symbols.at("release").position, 0U) << "another file of the module defines it";
  const auto& found = module.object().symbols[result.symbols.at("count.0").address];
  EXPECT_EQ(found.name, "count.0");
}

TEST(MatchModule, ASymbolThatTheModuleImportsIsNotItsOwn) {
  const auto module = shipped(link_module({driver("alpha")}));
  const auto result = match(driver("alpha"), module);
  EXPECT_EQ(result.matched.size(), 3U);
  EXPECT_FALSE(result.symbols.contains("release"));
  EXPECT_FALSE(result.unreachable.contains("release"));
}

TEST(MatchModule, ANameThatInitCodeSharesIsUnreachable) {
  const auto object = ObjectMaker()
                          .function(".init.text", "setup", twice_and_return)
                          .function(".text", "work", twice_and_return, {}, global)
                          .function(".text", "setup", twice_and_return)
                          .finish();
  const auto result = match(object, shipped(link_module({object})));
  EXPECT_EQ(result.matched.size(), 3U);
  EXPECT_FALSE(result.symbols.contains("setup"));
  EXPECT_TRUE(result.unreachable.contains("setup"));
  EXPECT_TRUE(result.symbols.contains("work"));
}

TEST(MatchModule, ARelocationMoreOrToSomethingElseIsAMismatch) {
  auto object = link_module({driver("alpha")});
  auto& text = object.sections[object.find_section(".text")];
  for (auto& relocation : text.relocations)
    if (object.symbols[relocation.symbol].name == "release") relocation.addend += 1;
  const auto& init_once = object.symbols[object.find_symbol("init_once")];
  text.relocations.push_back(
      {.offset = init_once.value, .type = R_X86_64_8, .symbol = object.find_symbol("release"), .addend = 0});
  const auto result = match(driver("alpha"), shipped(object));
  EXPECT_EQ(result.matched, std::vector<std::string>{"alpha"});
  ASSERT_EQ(result.mismatched.size(), 2U);
  for (const auto& mismatch : result.mismatched) EXPECT_EQ(mismatch.difference, Difference::reference);
}

TEST(MatchModule, AnotherSectionsFunctionOfTheNameDoesNotCount) {
  const auto ours = ObjectMaker().function(".text", "setup", twice_and_return).finish();
  const auto theirs = ObjectMaker().function(".init.text", "setup", twice_and_return).finish();
  const auto result = match(ours, shipped(link_module({theirs})));
  ASSERT_EQ(result.mismatched.size(), 1U);
  EXPECT_EQ(result.mismatched[0].difference, Difference::displaced);
}

}  // namespace
}  // namespace suture::patch
