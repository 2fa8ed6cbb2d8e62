// A position that names the wrong one of several symbols resolves as well as the right one, so
// counting cannot find it. The shipped code can:
//
//   - a replacement resembles the function it replaces more than that one's namesakes;
//   - what a replacement refers to under an ambiguous name, the function that it replaces refers to
//     as well, and that reference leads to one of the namesakes.
//
// Where the code does not tell (all namesakes are alike, or the reference is new), there is no
// finding: this is evidence, not proof.
#include <algorithm>
#include <map>

#include "check/checks.h"
#include "check/likeness.h"
#include "check/livepatch_names.h"
#include "check/object_symbols.h"

namespace suture::check {
namespace {

class Positions {
 public:
  Positions(const Context& context, const PatchTables& patch) : context_(context), patch_(patch) {}

  void run() {
    for (const auto& object : patch_.objects)
      for (const auto& function : object.functions) check_function(object, function);
    for (const auto& section : module().sections())
      for (const auto& relocation : section.relocations)
        if (module().symbol(relocation).section == shn_livepatch) check_reference(section, relocation);
    context_.examined("ambiguous names", ambiguous_);
  }

 private:
  const ModuleFile& module() const { return context_.module; }

  const Symbol* replacement(const PatchFunction& function) const {
    return function.replacement ? module().function_at(*function.replacement) : nullptr;
  }

  static bool same_symbol(const ObjectSymbol& a, const ObjectSymbol& b) {
    if (a.in_kernel && b.in_kernel) return a.in_kernel->begin == b.in_kernel->begin;
    return a.in_module == b.in_module;
  }

  void check_function(const PatchObject& object, const PatchFunction& function) {
    const auto chosen = find_object_symbol(context_.shipped, object.name, function.old_name, function.position);
    const Symbol* ours = replacement(function);
    if (!chosen.found() || !chosen.is_ambiguous() || ours == nullptr) return;
    ++ambiguous_;
    const auto features = features_of(module(), *ours);
    std::vector<Features> namesakes;
    std::size_t chosen_at = 0;
    for (const auto& each : all_object_symbols(context_.shipped, object.name, function.old_name)) {
      if (same_symbol(each, chosen)) chosen_at = namesakes.size();
      namesakes.push_back(features_of(context_.shipped, each));
    }
    const auto of_chosen = distinctive_likeness(features, namesakes[chosen_at], namesakes);
    for (std::size_t i = 0; i < namesakes.size(); ++i) {
      const auto of_other = distinctive_likeness(features, namesakes[i], namesakes);
      // A fix may take away most of what makes a function distinctive, and chance does the rest.
      if (of_other <= 2 * of_chosen + 2) continue;
      context_.finding("position-doubtful", fmt::format("{}: {},{}", object.name, function.old_name, function.position),
                       "shares {:.1f} distinctive instructions with its replacement, position {} shares {:.1f}",
                       of_chosen, i + 1, of_other);
    }
  }

  /// The function of the shipped kernel that the code at `place` replaces.
  const References* original_references(Place place) {
    const Symbol* user = module().function_covering(place);
    if (user == nullptr) return nullptr;
    const auto known = references_.find(user);
    if (known != references_.end()) return known->second ? &*known->second : nullptr;
    auto& entry = references_[user];
    for (const auto& object : patch_.objects)
      for (const auto& function : object.functions) {
        if (function.replacement != Place{user->section, user->value}) continue;
        const auto original = find_object_symbol(context_.shipped, object.name, function.old_name, function.position);
        if (original.found()) entry = references_of(context_.shipped, original);
      }
    return entry ? &*entry : nullptr;
  }

  void check_reference(const Section& section, const Relocation& relocation) {
    const auto& symbol = module().symbol(relocation);
    const auto name = parse_livepatch_symbol(symbol.name);
    if (!name) return;
    const auto chosen = find_object_symbol(context_.shipped, name->object, name->name, name->position);
    if (!chosen.found() || !chosen.is_ambiguous()) return;
    ++ambiguous_;
    const Place place{section.index, relocation.offset};
    const auto* references = original_references(place);
    if (references == nullptr || references->reach(chosen)) return;
    std::size_t position = 0;
    for (const auto& other : all_object_symbols(context_.shipped, name->object, name->name)) {
      ++position;
      if (references->reach(other))
        context_.finding("position-doubtful", fmt::format("{} ({})", symbol.name, module().describe(place)),
                         "is not what the function that is replaced refers to: that is position {}", position);
    }
  }

  const Context& context_;
  const PatchTables& patch_;
  std::map<const Symbol*, std::optional<References>> references_;
  std::uint64_t ambiguous_ = 0;
};

}  // namespace

void check_positions(const Context& context, const PatchTables& patch) { Positions(context, patch).run(); }

}  // namespace suture::check
