#include "agent/history/compact.h"

#include <gtest/gtest.h>

#include "agent/history/history.h"

namespace suture::agent {
namespace {

std::vector<Entry> plan(const std::string& id) {
  const Plan plan{.id = id, .subject = "level " + id, .steps = {{"sysctl", {}}}};
  return {{.kind = EntryKind::intent, .plan = id, .value = "readings", .text = to_text(plan)},
          {.kind = EntryKind::step_begun, .plan = id, .step = 0, .value = "0"},
          {.kind = EntryKind::step_done, .plan = id, .step = 0, .value = "1"},
          {.kind = EntryKind::soaking, .plan = id},
          {.kind = EntryKind::committed, .plan = id}};
}
void add(std::vector<Entry>& entries, const std::vector<Entry>& more) {
  entries.insert(entries.end(), more.begin(), more.end());
}

std::vector<Entry> some() {
  std::vector<Entry> entries;
  add(entries, plan("1"));
  add(entries, {{.kind = EntryKind::held, .value = "level 9", .text = "bad"},
                {.kind = EntryKind::held, .value = "level 8"},
                {.kind = EntryKind::boot_begun, .boot = "a", .value = "level 1"},
                {.kind = EntryKind::boot_ended, .boot = "a"}});
  add(entries, plan("2"));
  add(entries, {{.kind = EntryKind::undoing, .plan = "2"},
                {.kind = EntryKind::step_undone, .plan = "2", .step = 0},
                {.kind = EntryKind::undone, .plan = "2"},
                {.kind = EntryKind::released, .value = "level 8"},
                {.kind = EntryKind::boot_begun, .boot = "b", .value = "level 1"},
                {.kind = EntryKind::boot_ended, .boot = "b"}});
  add(entries, plan("3"));
  return entries;
}

TEST(Compact, KeepsWhatIsInForceHeldAndTheLastBoot) {
  const auto kept = compact(some());
  EXPECT_LT(kept.size(), some().size());
  const auto before = *replay(some());
  const auto after = *replay(kept);
  ASSERT_EQ(after.plans.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(after.plans[i].plan, before.plans[i].plan);
    EXPECT_EQ(after.plans[i].phase, Phase::committed);
    EXPECT_EQ(after.plans[i].steps[0].ours, "1");
  }
  EXPECT_EQ(after.holds.size(), 1U);
  EXPECT_EQ(after.holds.at("level 9").reason, "bad");
  EXPECT_EQ(after.boot->boot, "b");
  EXPECT_TRUE(after.boot->ended);
}

TEST(Compact, LeavesAnUnfinishedPlanAlone) {
  auto entries = some();
  entries.pop_back();
  EXPECT_EQ(compact(entries), entries);
}

TEST(Compact, LeavesAloneWhatMakesNoSense) {
  const std::vector<Entry> entries{{.kind = EntryKind::committed, .plan = "nobody's"}};
  EXPECT_EQ(compact(entries), entries);
}

}  // namespace
}  // namespace suture::agent
