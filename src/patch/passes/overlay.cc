#include "patch/passes/overlay.h"

#include <algorithm>

namespace suture::patch {
namespace {

Refusal refusal(const Pair& pair, const std::string& function, std::string reason) {
  return {"runtime-constant", fmt::format("{}: {}", pair.source, function), std::move(reason),
          "build with a kit, which compiles the file so that it reads the variable; or leave the constant out of the "
          "changed function"};
}

}  // namespace

std::vector<Refusal> refuse_runtime_constants(const Pair& pair, const Selection& selection) {
  std::vector<Refusal> refusals;
  for (PieceIndex i = 0; i < pair.patched.pieces.size(); ++i) {
    if (!selection.included[i]) continue;
    const auto& entries = pair.patched.pieces[i].entries;
    const auto section = [&](const TableEntry& entry) -> const std::string& {
      return pair.patched.object->sections[entry.section].name;
    };
    const auto found = std::ranges::find_if(entries, is_runtime_constant, section);
    if (found == entries.end()) continue;
    refusals.push_back(refusal(pair, pair.patched.pieces[whole(pair.patched, i)].name,
                               fmt::format("the function holds a constant that the kernel fills in at boot, for its "
                                           "own code only ({})",
                                           section(*found))));
  }
  return refusals;
}

std::vector<Refusal> refuse_lost(const Pair& pair, const KnownChanges& known) {
  std::vector<Refusal> refusals;
  for (const auto& [function, difference] : known.differences) {
    if (pair.correlation.patched[function] != no_piece) continue;
    refusals.push_back(refusal(pair, pair.original.pieces[function].name,
                               "the file holds a constant that the kernel fills in at boot, and compiled to read the "
                               "variable instead it has no such function"));
  }
  return refusals;
}

}  // namespace suture::patch
