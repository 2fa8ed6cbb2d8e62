#include "builder/compare/needed.h"

#include <algorithm>
#include <set>
#include <string>

#include "patch/passes/author_marks.h"

namespace suture::builder {
namespace {

bool replaces_a_function(const Unit& unit) {
  return std::ranges::any_of(unit.delta.functions, [](const auto& function) { return !function.original.empty(); });
}

// A state says what functions or callbacks did; alone it is nothing that the kernel would run.
bool has_callbacks(const Unit& unit) {
  return std::ranges::any_of(unit.delta.object.sections, [](const elf::Section& section) {
    return patch::is_carried_mark(section.name) && section.name != ".suture.states";
  });
}

bool defines_any(const Unit& unit, const std::set<std::string>& names) {
  return std::ranges::any_of(unit.delta.object.symbols, [&](const elf::Symbol& symbol) {
    return symbol.is_defined() && !symbol.is_local() && names.contains(symbol.name);
  });
}

void add_references(const Unit& unit, std::set<std::string>& names) {
  for (const auto& reference : unit.delta.references) {
    if (reference.original.empty()) names.insert(unit.delta.object.symbols[reference.symbol].name);
  }
}

}  // namespace

std::vector<patch::Warning> leave_out_unneeded(std::vector<Unit>& units) {
  std::set<const Unit*> kept;
  std::set<std::string> names;
  // Each round may show what the next one needs.
  for (bool more = true; more;) {
    more = false;
    for (const auto& unit : units) {
      if (kept.contains(&unit)) continue;
      if (!replaces_a_function(unit) && !has_callbacks(unit) && !defines_any(unit, names)) continue;
      kept.insert(&unit);
      add_references(unit, names);
      more = true;
    }
  }
  std::vector<patch::Warning> warnings;
  std::vector<Unit> staying;
  for (auto& unit : units) {
    if (kept.contains(&unit)) {
      staying.push_back(std::move(unit));
    } else {
      warnings.push_back({"unneeded", unit.delta.source,
                          "what the fix adds here is left out: nothing that is replaced, and no callback, needs it"});
    }
  }
  units = std::move(staying);
  return warnings;
}

}  // namespace suture::builder
