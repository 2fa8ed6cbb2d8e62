#include "builder/compare/needed.h"

#include <gtest/gtest.h>

namespace suture::builder {
namespace {

struct Adding {
  Unit unit;

  explicit Adding(const std::string& source) { unit.delta.source = source; }
  Adding& defines(const std::string& name) {
    const auto section = unit.delta.object.add(elf::Section{.name = ".text." + name});
    unit.delta.object.add(elf::Symbol{.name = name, .section = section, .bind = STB_GLOBAL, .type = STT_FUNC});
    return *this;
  }
  Adding& refers_to(const std::string& name) {
    const auto symbol = unit.delta.object.add(elf::Symbol{.name = name, .bind = STB_GLOBAL});
    unit.delta.references.push_back({.symbol = symbol, .original = {}, .original_symbol = 0});
    return *this;
  }
  Adding& replaces(const std::string& name) {
    unit.delta.functions.push_back({.name = name, .original = name});
    return *this;
  }
  Adding& has(const std::string& section) {
    unit.delta.object.add(elf::Section{.name = section});
    return *this;
  }
};

std::vector<std::string> kept_of(std::vector<Unit> units) {
  const auto count = units.size();
  const auto warnings = leave_out_unneeded(units);
  EXPECT_EQ(units.size() + warnings.size(), count);
  std::vector<std::string> kept;
  for (const auto& unit : units) kept.push_back(unit.delta.source);
  return kept;
}

using Sources = std::vector<std::string>;

TEST(LeaveOutUnneeded, LeavesOutAFunctionThatNothingCalls) {
  EXPECT_EQ(kept_of({Adding("a.c").defines("unused").unit}), Sources());
}

TEST(LeaveOutUnneeded, KeepsWhatReplacedFunctionsNeedThroughOtherFiles) {
  EXPECT_EQ(kept_of({Adding("last.c").defines("last").unit, Adding("unused.c").defines("unused").unit,
                     Adding("middle.c").defines("middle").refers_to("last").unit,
                     Adding("first.c").replaces("first").refers_to("middle").unit}),
            Sources({"last.c", "middle.c", "first.c"}));
}

TEST(LeaveOutUnneeded, LeavesOutFunctionsThatOnlyCallEachOther) {
  EXPECT_EQ(kept_of({Adding("a.c").defines("a").refers_to("b").unit, Adding("b.c").defines("b").refers_to("a").unit}),
            Sources());
}

TEST(LeaveOutUnneeded, KeepsCallbacksButNoStateAlone) {
  EXPECT_EQ(kept_of({Adding("callback.c").has(".suture.pre_patch").unit, Adding("state.c").has(".suture.states").unit}),
            Sources({"callback.c"}));
}

}  // namespace
}  // namespace suture::builder
