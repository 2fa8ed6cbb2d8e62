#include "patch/diff.h"

#include "patch/passes/accept.h"
#include "patch/passes/compare.h"
#include "patch/passes/correlate.h"
#include "patch/passes/extract.h"
#include "patch/passes/overlay.h"
#include "patch/passes/private_data.h"
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

namespace {

struct Run {
  Delta delta;
  KnownChanges changes;
};

// The passes, over the original and one build of the fixed source. `known`: what another build told.
Result<Run> run_passes(const Unit& unit, const elf::Object& patched, const KnownChanges* known,
                       const EntrySizes& sizes) {
  Pair pair{.source = unit.source,
            .object = unit.object,
            .original = {},
            .patched = {},
            .correlation = {},
            .marks = {},
            .accepted_codes = unit.accepted,
            .accepted = {},
            .copied = {}};

  // Take both objects apart. From here on nothing speaks of sections and addends, only of pieces
  // and the pieces that they refer to.
  pair.original = TRY(make_program(unit.original, sizes, unit.source + " (original)"));
  pair.patched = TRY(make_program(patched, sizes, unit.source + " (patched)"));

  // Say which piece is which. From here on a name is only for people.
  pair.correlation = correlate(pair.original, pair.patched);

  pair.marks = find_author_marks(pair.patched);
  pair.accepted = find_accepted(pair.patched, unit.accepted);

  // Constants that only this file's functions reach change with them, as copies.
  release_private_data(pair);

  // Compare on demand, each pair of pieces.
  const Comparison comparison(pair.original, pair.patched, pair.correlation);

  // Choose what to carry: closed under "needs".
  auto selection = known == nullptr ? select(pair, comparison) : select_again(pair, comparison, *known);

  // Replace the callers of what cannot be redirected. From here on every way into a carried function is
  // known, or refused.
  auto refusals = promote(pair, unit.moved.value_or(std::set<std::string>{}), !unit.moved, selection);

  // Account for every difference: carried, or refused.
  const auto account = [&](const std::vector<Refusal>& more) {
    refusals.insert(refusals.end(), more.begin(), more.end());
  };
  auto verdict = verify(pair, comparison, selection);
  account(verdict.refusals);
  const auto constants = refuse_runtime_constants(pair, selection);
  account(constants);
  if (known != nullptr) account(refuse_lost(pair, *known));

  // Cut it out. Beyond this point the original and patched objects are not looked at again.
  auto delta = extract(pair, selection);
  delta.wants_overlay = !constants.empty();
  delta.refusals = std::move(refusals);
  delta.initial_values = std::move(verdict.initial_values);
  delta.warnings = find_warnings(pair, selection);
  delta.warnings.insert(delta.warnings.end(), verdict.warnings.begin(), verdict.warnings.end());
  return Run{std::move(delta), known_changes(pair, selection)};
}

}  // namespace

Result<Delta> diff(const Unit& unit, const EntrySizes& sizes) {
  auto run = TRY(run_passes(unit, unit.patched, nullptr, sizes));
  if (run.delta.wants_overlay && unit.overlaid != nullptr) {
    const auto changes = std::move(run.changes);
    run = TRY(run_passes(unit, *unit.overlaid, &changes, sizes));
  }
  return std::move(run.delta);
}

}  // namespace suture::patch
