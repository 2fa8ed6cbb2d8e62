#include "builder/promotion/reach.h"

#include "patch/testing/emit_case.h"

namespace suture::builder {
namespace {

using patch::emitter::UnitBuilder;

/// A function that nothing can redirect.
elf::SectionIndex moved(UnitBuilder& unit, const std::string& name, patch::Why why = patch::Why::changed) {
  const auto section = unit.function(name, name, STB_GLOBAL);
  unit.delta.functions.back().moved = true;
  unit.delta.functions.back().why = why;
  return section;
}

std::vector<patch::Refusal> refusals(const std::vector<const UnitBuilder*>& builders) {
  std::vector<Unit> units;
  for (const auto* builder : builders) units.push_back({.delta = builder->delta});
  return refuse_unreached(units);
}

TEST(RefuseUnreached, WhatNobodyCalls) {
  UnitBuilder unit("lib/a.c");
  moved(unit, "quiet");
  const auto refused = refusals({&unit});
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].code, "no-fentry");
  EXPECT_EQ(refused[0].place, "lib/a.c: quiet");
}

TEST(RefuseUnreached, WhatOnlyALoopOfSuchFunctionsCalls) {
  UnitBuilder unit("lib/a.c");
  const auto ping = moved(unit, "ping");
  const auto pong = moved(unit, "pong", patch::Why::promoted);
  unit.call(ping, "pong");
  unit.call(pong, "ping");
  EXPECT_EQ(refusals({&unit}).size(), 1U) << "pong did not change";
}

TEST(RefuseUnreached, ALoopThatSomethingEntersIsReached) {
  UnitBuilder unit("lib/a.c");
  const auto ping = moved(unit, "ping");
  const auto pong = moved(unit, "pong", patch::Why::promoted);
  unit.call(ping, "pong");
  unit.call(pong, "ping");
  UnitBuilder user("kernel/b.c");
  user.call(user.function("user", "user"), "pong");
  EXPECT_TRUE(refusals({&unit, &user}).empty());
}

TEST(RefuseUnreached, WhatIsRedirectedNeedsNoCaller) {
  UnitBuilder unit("kernel/b.c");
  unit.function("user", "user");
  EXPECT_TRUE(refusals({&unit}).empty());
}

}  // namespace
}  // namespace suture::builder
