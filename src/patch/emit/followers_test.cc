#include "patch/emit/followers.h"

#include "patch/testing/emit_case.h"

namespace suture::patch::emitter {
namespace {

constexpr std::uint8_t jmp = 0xe9, call = 0xe8;

class FollowersTest : public EmitCase {
 protected:
  /// The function's first instruction is a branch to `to`.
  static void branch(UnitBuilder& unit, elf::SectionIndex from, std::uint8_t opcode, elf::SymbolIndex to) {
    unit.delta.object.sections[from].data[0] = opcode;
    unit.refer(from, 1, to);
  }
  static elf::SymbolIndex symbol_of(const UnitBuilder& unit, const std::string& name) {
    return unit.delta.object.find_symbol(name);
  }
  static std::string names_from(const elf::Object& module, const std::string& first) {
    std::map<std::uint64_t, std::string> names;
    const auto& begin = module.symbols[module.find_symbol(first)];
    for (const auto& each : module.symbols)
      if (each.section == begin.section && each.type == STT_FUNC && each.value >= begin.value)
        names[each.value] += each.name;
    std::string all;
    for (const auto& [at, name] : names) all += (all.empty() ? "" : " ") + name;
    return all;
  }
};

TEST_F(FollowersTest, WhatAReplacedFunctionJumpsToLiesBehindItWithoutAName) {
  auto& u = unit("fs/a.c");
  const auto f = u.function("f", "a_shipped_function");
  u.function("g", "twice");
  u.function("last", "");
  branch(u, f, jmp, symbol_of(u, "last"));
  EXPECT_EQ(names_from(module(), "f"), "f .L.last g");
}

TEST_F(FollowersTest, WhatItCallsKeepsItsPlaceAndName) {
  auto& u = unit("fs/a.c");
  const auto f = u.function("f", "a_shipped_function");
  u.function("g", "twice");
  u.function("helper", "");
  branch(u, f, call, symbol_of(u, "helper"));
  EXPECT_EQ(names_from(module(), "f"), "f g helper");
}

TEST_F(FollowersTest, WhatFollowsBringsWhatItJumpsTo) {
  auto& u = unit("fs/a.c");
  const auto f = u.function("f", "a_shipped_function");
  const auto last = u.function("last", "");
  u.function("very_last", "");
  branch(u, f, jmp, symbol_of(u, "last"));
  branch(u, last, jmp, symbol_of(u, "very_last"));
  EXPECT_EQ(names_from(module(), "f"), "f .L.last .L.very_last");
}

TEST_F(FollowersTest, AReplacedFunctionFollowsNobody) {
  auto& u = unit("fs/a.c");
  const auto f = u.function("f", "a_shipped_function");
  u.function("helper", "");
  u.function("g", "twice");
  branch(u, f, jmp, symbol_of(u, "g"));
  EXPECT_EQ(names_from(module(), "f"), "f helper g");
}

TEST_F(FollowersTest, WhatTwoJumpToFollowsTheFirst) {
  auto& u = unit("fs/a.c");
  const auto f = u.function("f", "a_shipped_function");
  const auto g = u.function("g", "twice");
  u.function("last", "");
  branch(u, f, jmp, symbol_of(u, "last"));
  branch(u, g, jmp, symbol_of(u, "last"));
  EXPECT_EQ(names_from(module(), "f"), "f .L.last g");
}

TEST_F(FollowersTest, AFunctionOfAnotherFileFollowsToo) {
  auto& u = unit("fs/a.c");
  const auto f = u.function("f", "a_shipped_function");
  branch(u, f, jmp, u.undefined("last"));
  auto& other = unit("fs/b.c");
  other.function("g", "twice");
  other.function("last", "", STB_GLOBAL);
  EXPECT_EQ(names_from(module(), "f"), "f .L.last g");
}

}  // namespace
}  // namespace suture::patch::emitter
