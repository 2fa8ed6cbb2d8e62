#include "rollout/compare_groups.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace suture::rollout {
namespace {

std::vector<BeforeAfter> hosts(std::size_t count, double shift, double noise, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, noise);
  std::vector<BeforeAfter> made;
  for (std::size_t i = 0; i < count; ++i) {
    const double before = 100 + normal(random);
    made.push_back({before, before + shift + normal(random)});
  }
  return made;
}

TEST(CompareGroups, FewHostsAreNotApplicable) {
  EXPECT_EQ(compare_groups(hosts(3, 50, 1, 1), hosts(40, 0, 1, 2), {}).difference, Difference::not_applicable);
}

TEST(CompareGroups, ShiftThatOnlyTheTreatedHaveIsWorse) {
  const auto compared = compare_groups(hosts(6, 30, 3, 1), hosts(8, 0, 3, 2), {});
  EXPECT_EQ(compared.difference, Difference::worse) << compared.reason;
  EXPECT_NEAR(compared.shift, 30, 5);
}

TEST(CompareGroups, BadDayOfEverybodyIsNoDifference) {
  const auto compared = compare_groups(hosts(8, 30, 3, 1), hosts(8, 30, 3, 2), {.tolerated = 5});
  EXPECT_EQ(compared.difference, Difference::none) << compared.reason;
}

TEST(CompareGroups, OneWildHostDecidesNothing) {
  auto treated = hosts(8, 0, 3, 1);
  treated[0].after += 1e6;
  EXPECT_NE(compare_groups(treated, hosts(8, 0, 3, 2), {.tolerated = 5}).difference, Difference::worse);
}

TEST(CompareGroups, ReadingThatIsNoNumberIsInconclusive) {
  auto treated = hosts(8, 0, 3, 1);
  treated[0].after = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(compare_groups(treated, hosts(8, 0, 3, 2), {}).difference, Difference::inconclusive);
}

TEST(CompareGroups, SmallestGroupsAreCountedExactly) {
  // All four treated rose more than all four others: one of 70 ways to pick four of eight.
  const std::vector<BeforeAfter> treated{{0, 5}, {0, 6}, {0, 7}, {0, 8}}, others{{0, 1}, {0, 2}, {0, 3}, {0, 4}};
  EXPECT_DOUBLE_EQ(compare_groups(treated, others, {}).chance, 1.0 / 70);
}

TEST(CompareGroups, NoiseIsCalledWorseAsRarelyAsPromised) {
  int alarms = 0;
  for (unsigned seed = 0; seed < 2000; ++seed)
    alarms +=
        compare_groups(hosts(10, 0, 3, seed * 2), hosts(12, 0, 3, seed * 2 + 1), {}).difference == Difference::worse;
  EXPECT_LE(alarms, 40) << "of 2000, at a promised 1 %";
}

}  // namespace
}  // namespace suture::rollout
