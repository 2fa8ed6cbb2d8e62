#include "patch/diff.h"

#include "patch/passes/accept.h"
#include "patch/passes/compare.h"
#include "patch/passes/correlate.h"
#include "patch/passes/extract.h"
#include "patch/passes/program.h"
#include "patch/passes/promote.h"
#include "patch/passes/select.h"
#include "patch/passes/verify.h"

namespace suture::patch {

std::string_view to_string(Why why) {
  switch (why) {
    case Why::changed:
      return "changed";
    case Why::added:
      return "new";
    case Why::promoted:
      return "promoted";
  }
  return "?";
}

Result<Delta> diff(const Unit& unit, const EntrySizes& sizes) {
  Pair pair{
      .source = unit.source, .object = unit.object, .original = {}, .patched = {}, .correlation = {}, .marks = {}, .accepted = {}};

  // Take both objects apart. From here on nothing speaks of sections and addends, only of pieces
  // and the pieces that they refer to.
  pair.original = TRY(make_program(unit.original, sizes, unit.source + " (original)"));
  pair.patched = TRY(make_program(unit.patched, sizes, unit.source + " (patched)"));

  // Say which piece is which. From here on a name is only for people.
  pair.correlation = correlate(pair.original, pair.patched);

  pair.marks = find_author_marks(pair.patched);
  pair.accepted = find_accepted(pair.patched, unit.accepted);

  // Compare on demand, each pair of pieces.
  const Comparison comparison(pair.original, pair.patched, pair.correlation);

  // Choose what to carry: closed under "needs".
  auto selection = select(pair, comparison);

  // Replace the callers of what cannot be redirected. From here on every way into a carried function is
  // known, or refused.
  auto refusals = promote(pair, unit.moved.value_or(std::set<std::string>{}), !unit.moved, selection);

  // Account for every difference: carried, or refused.
  const auto unaccounted = verify(pair, comparison, selection);
  refusals.insert(refusals.end(), unaccounted.begin(), unaccounted.end());

  // Cut it out. Beyond this point the original and patched objects are not looked at again.
  auto delta = extract(pair, selection);
  delta.refusals = std::move(refusals);
  delta.warnings = find_warnings(pair, selection);
  return delta;
}

}  // namespace suture::patch
