// What a dropped list entry leaves behind.
//
// A function in the module that nothing refers to, neither a list of livepatch's nor other code, was
// meant to replace something: the compiler would not have kept it otherwise.
//
// A function that only other new code calls, but that is a changed version of a shipped one, leaves
// the shipped one in use by everybody else. That is right only where it cannot be replaced (ftrace
// cannot hook into it) and every caller that the shipped kernel has is replaced in its stead.
#include <algorithm>
#include <set>

#include "check/callers.h"
#include "check/checks.h"
#include "check/likeness.h"
#include "check/object_symbols.h"

namespace suture::check {
namespace {

class Reachability {
 public:
  Reachability(const Context& context, const PatchTables& patch) : context_(context), patch_(patch) {}

  void run() {
    collect_uses();
    for (const auto& symbol : module().symbols()) {
      if (!symbol.is_function() || !symbol.is_defined() || symbol.size == 0) continue;
      const auto& section = module().section(symbol.section);
      if (!section.is_code() || !section.is_allocated()) continue;
      if (module().function_at({symbol.section, symbol.value}) != &symbol) continue;  // an alias
      if (module().is_padding(symbol)) continue;
      if (!reached_.contains(&symbol) && !is_called_by_nobody(symbol))
        check_orphan(symbol);
      else if (is_unlisted(symbol))
        unlisted_.push_back(&symbol);
    }
    for (const auto& object : patch_.objects) {
      collect_originals(object);
      for (const auto* function : unlisted_) check_unlisted(*function, object);
    }
  }

 private:
  const ModuleFile& module() const { return context_.module; }

  /// Nobody runs it. If the kernel has a function of its name, it was meant to replace that.
  void check_orphan(const Symbol& function) const {
    const auto replaces = [&](const PatchObject& object) {
      return !all_object_symbols(context_.shipped, object.name, function.name).empty();
    };
    if (std::any_of(patch_.objects.begin(), patch_.objects.end(), replaces))
      context_.finding("function-orphan", function.name,
                       "is neither used by anything in the module nor listed to replace the function of its name");
  }

  /// What cannot be replaced comes along for its callers. The shipped kernel may have none but init code.
  bool is_called_by_nobody(const Symbol& function) const {
    for (const auto& object : patch_.objects)
      for (const auto& each : all_object_symbols(context_.shipped, object.name, function.name))
        if (each.is_function() && !is_traceable(context_.shipped, each))
          return callers(object.name, each, function).empty();
    return false;
  }

  void use(Place place, std::vector<const Symbol*>& open) {
    const Symbol* function = module().function_covering(place);
    if (function != nullptr && reached_.insert(function).second) open.push_back(function);
  }

  /// Everything that data in memory refers to, and what that calls or refers to in turn.
  void collect_uses() {
    std::vector<const Symbol*> open;
    for (const auto& section : module().sections()) {
      if (!section.is_allocated() || describes_code(section.name)) continue;
      for (const auto& relocation : section.relocations) {
        if (section.is_code() && module().function_covering({section.index, relocation.offset}) != nullptr) continue;
        if (const auto target = module().target(relocation)) use(*target, open);
      }
    }
    while (!open.empty()) {
      const Symbol& user = *open.back();
      open.pop_back();
      for_each_target(user, [&](Place target) { use(target, open); });
    }
  }

  template <typename Visit>
  void for_each_target(const Symbol& function, Visit visit) const {
    const Place begin{function.section, function.value};
    for (const auto& relocation : module().relocations_in(begin, function.size))
      if (const auto target = context_.code.target(function.section, relocation)) visit(*target);
    for (const auto& each : context_.code.in(begin, function.size))  // branches within a section need no relocation
      if (each.branch && context_.code.branch_relocation(function.section, each) == nullptr)
        visit({function.section, *each.branch});
  }

  bool is_unlisted(const Symbol& function) const {
    const Place place{function.section, function.value};
    if (patch_.replacing(place) != nullptr) return false;
    for (const auto* name : {"init_module", "cleanup_module"})
      if (const auto* own = module().find_symbol(name); own != nullptr && place == Place{own->section, own->value})
        return false;
    if (function.name.find(".cold") != std::string::npos) return false;  // part of another
    for (const auto& object : patch_.objects)
      for (const auto& callback : object.callbacks)
        if (callback.function == place) return false;
    return true;
  }

  /// What the replaced functions' originals refer to; and, where an original that cannot be replaced
  /// is among that and the module has a function of its name, what it refers to in turn.
  void collect_originals(const PatchObject& object) {
    originals_.clear();
    for (const auto& function : object.functions) {
      const auto original = find_object_symbol(context_.shipped, object.name, function.old_name, function.position);
      if (original.found()) originals_.push_back(references_of(context_.shipped, original));
    }
    std::set<const Symbol*> followed;
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto* function : unlisted_) {
        if (followed.contains(function)) continue;
        for (const auto& each : all_object_symbols(context_.shipped, object.name, function->name)) {
          if (!is_called_by_originals(each)) continue;
          originals_.push_back(references_of(context_.shipped, each));
          followed.insert(function);
          grows = true;
        }
      }
    }
  }

  bool is_called_by_originals(const ObjectSymbol& function) const {
    return std::any_of(originals_.begin(), originals_.end(),
                       [&](const References& references) { return references.reach(function); });
  }

  /// A version of a shipped function that differs from it, but is no other function of that name. One
  /// that cannot be replaced is often an inline function, of which many files have copies of their own:
  /// what no replaced function called is not the original.
  void check_unlisted(const Symbol& function, const PatchObject& object) const {
    const auto features = features_of(module(), function);
    double best = 0;
    ObjectSymbol original;
    bool traceable = false;
    for (auto& each : all_object_symbols(context_.shipped, object.name, function.name)) {
      if (!each.is_function() || each.in_init(context_.shipped)) continue;
      const bool can_be_replaced = is_traceable(context_.shipped, each);
      if (!can_be_replaced && !is_called_by_originals(each)) continue;
      const auto like = likeness(features, features_of(context_.shipped, each));
      if (like <= best) continue;
      best = like;
      traceable = can_be_replaced;
      original = std::move(each);
    }
    constexpr double same = 1;
    constexpr double related = 0.5;
    if (best >= same || best < related) return;
    if (traceable)
      context_.finding(
          "function-not-replaced", function.name,
          "is a changed version of {}'s function of this name, which the module does not list to be replaced",
          object.name);
    else
      check_callers(function, object, original);
  }

  /// Up the call graph: what calls the old one is replaced, or cannot be, and comes in a new version too.
  void check_callers(const Symbol& function, const PatchObject& object, const ObjectSymbol& original) const {
    std::set<std::pair<std::string, std::string>> seen;
    std::vector<Caller> open = callers(object.name, original, function);
    while (!open.empty()) {
      const auto caller = std::move(open.back());
      open.pop_back();
      if (is_replaced(caller)) continue;
      if (caller.symbol.found() && !is_traceable(context_.shipped, caller.symbol) && comes_along(caller.name)) {
        if (!seen.emplace(caller.object, caller.name).second) continue;
        const auto more = callers(caller.object, caller.symbol, function);
        open.insert(open.end(), more.begin(), more.end());
        continue;
      }
      context_.finding("caller-not-replaced", function.name,
                       "is a changed version of {}'s function of this name, which ftrace cannot hook into; {} of {} "
                       "leads to the old one, and is not replaced",
                       object.name, caller.name, caller.object);
    }
  }

  std::vector<Caller> callers(const std::string& object, const ObjectSymbol& callee, const Symbol& function) const {
    auto found = callers_of(context_.shipped, object, callee);
    if (found) return std::move(*found);
    context_.finding("caller-not-replaced", function.name, "who calls it cannot be told: {}", found.error().message());
    return {};
  }

  /// What calls from a `.cold` part is the function that it was split from.
  bool is_replaced(const Caller& caller) const {
    const auto cold = caller.name.find(".cold");
    for (const auto& object : patch_.objects) {
      if (object.name != caller.object) continue;
      for (const auto& replaced : object.functions) {
        if (cold != std::string::npos && replaced.old_name == caller.name.substr(0, cold)) return true;
        if (replaced.old_name != caller.name) continue;
        const auto old = find_object_symbol(context_.shipped, object.name, replaced.old_name, replaced.position);
        if (!old.found()) continue;
        if (old.in_module != nullptr && old.in_module == caller.symbol.in_module) return true;
        if (old.in_kernel && caller.symbol.in_kernel && old.in_kernel->begin == caller.symbol.in_kernel->begin)
          return true;
      }
    }
    return false;
  }

  bool comes_along(const std::string& name) const {
    return std::ranges::any_of(unlisted_, [&](const Symbol* each) { return each->name == name; });
  }

  const Context& context_;
  const PatchTables& patch_;
  std::set<const Symbol*> reached_;
  std::vector<const Symbol*> unlisted_;
  std::vector<References> originals_;  ///< of one object
};

}  // namespace

void check_reachability(const Context& context, const PatchTables& patch) { Reachability(context, patch).run(); }

}  // namespace suture::check
