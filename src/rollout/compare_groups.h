// Treated hosts beside untreated ones, before and after: did what was measured get worse because of the
// live patch, or is everybody's day like that?
//
// Each host gives one number: the change of a reading from before to after. The two groups' changes are
// compared by ranks, so that a few wild hosts decide nothing: the Mann-Whitney U test says how likely such
// a difference is by chance, the Hodges-Lehmann estimate how large it is. Small groups are counted
// exactly, since the normal approximation flatters them.
// Sources: Mann and Whitney, Ann. Math. Statist. 18 (1947); Hodges and Lehmann, ibid. 34 (1963).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace suture::rollout {

/// Of one host.
struct BeforeAfter {
  double before = 0, after = 0;
};

enum class Difference { none, worse, inconclusive, not_applicable };

struct ComparisonLimits {
  double tolerated = 0;       ///< a shift up to this is nobody's concern, in the reading's unit
  double false_alarm = 0.01;  ///< how often a shift is called worse that is chance
  std::size_t fewest = 4;     ///< hosts of a group; below, the comparison is not applicable
};

struct GroupComparison {
  Difference difference = Difference::not_applicable;
  double shift = 0;    ///< how much more the treated hosts' reading rose than the others'
  double chance = 1;   ///< of a shift at least this large if treatment did nothing
  std::string reason;  ///< one sentence, with the numbers
};

/// Readings for which more is worse. Values that are not finite make it inconclusive.
GroupComparison compare_groups(const std::vector<BeforeAfter>& treated, const std::vector<BeforeAfter>& untreated,
                               const ComparisonLimits& limits);

/// Hosts of each group that it takes at the least for a difference that chance makes no more often than
/// `false_alarm`: below, all treated hosts may be above all others, and nobody could call it worse.
std::size_t fewest_that_can_tell(double false_alarm);

}  // namespace suture::rollout
