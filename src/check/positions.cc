// A position that names the wrong one of several symbols resolves as well as the right one, so
// counting cannot find it. The shipped code can:
//
//   - a replacement resembles the function it replaces more than that one's namesakes: in instructions,
//     and in the names of what it refers to;
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
#include "check/reference_names.h"

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
    const auto features = with_names(features_of(module(), *ours), names_referred_to(module(), *ours));
    const auto shipped_features = [&](const ObjectSymbol& each) {
      return with_names(features_of(context_.shipped, each), names_referred_to(context_.shipped, each));
    };
    const auto of_chosen = shipped_features(chosen);
    std::size_t position = 0;
    for (const auto& each : all_object_symbols(context_.shipped, object.name, function.old_name)) {
      ++position;
      if (same_symbol(each, chosen)) continue;
      const auto of_other = shipped_features(each);
      if (!is_meant(features, of_other, of_chosen)) continue;
      context_.finding("position-doubtful", fmt::format("{}: {},{}", object.name, function.old_name, function.position),
                       "is to {:.0f} % like its replacement, position {} is to {:.0f} %",
                       100 * likeness(features, of_chosen), position, 100 * likeness(features, of_other));
    }
  }

  /// A fix may leave little of a function, or give it what a namesake has had already. So the other must be
  /// like the replacement, the chosen one less, and what they differ in must speak against it. Measured with
  /// one-line fixes to ambiguous functions of 6.1, with such functions emptied, and with others in their place.
  static bool is_meant(const Features& replacement, const Features& other, const Features& chosen) {
    constexpr double like = 0.6;
    constexpr double less = 0.75;
    const auto of_other = likeness(replacement, other);
    return of_other >= like && likeness(replacement, chosen) <= less * of_other &&
           explained_only_by(replacement, other, chosen) > 2 * explained_only_by(replacement, chosen, other) + 2;
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
