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
      if (!reached_.contains(&symbol))
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

  void check_callers(const Symbol& function, const PatchObject& object, const ObjectSymbol& original) const {
    std::set<std::string> callers;
    if (original.in_kernel) callers = callers_in_kernel(*original.in_kernel);
    if (original.in_module != nullptr) callers = callers_in_module(original);
    for (const auto& replaced : object.functions) callers.erase(replaced.old_name);
    for (const auto& caller : callers)
      context_.finding("caller-not-replaced", function.name,
                       "is a changed version of {}'s function of this name, which ftrace cannot hook into; {} calls "
                       "the old one, and is not replaced",
                       object.name, caller);
  }

  /// Functions of vmlinux with a direct call or jump to the symbol.
  std::set<std::string> callers_in_kernel(const KernelSymbol& callee) const {
    std::set<std::string> callers;
    const auto begin = context_.shipped.text_begin();
    const auto text = context_.shipped.bytes(begin, context_.shipped.text_end() - begin);
    if (!text) return callers;
    constexpr std::size_t distance = 4;
    for (std::size_t at = 1; at + distance <= text->size(); ++at) {
      const auto to = begin + at + distance +
                      static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(*text, at)));
      if (to != callee.begin) continue;
      const auto caller = context_.shipped.symbol_at(begin + at);
      if (!caller || caller->begin == callee.begin || caller->begin < begin) continue;
      // Other bytes can look like a distance: only an instruction that ends with it counts.
      const auto code = text->subspan(
          caller->begin - begin, std::min<std::size_t>(caller->end - begin, text->size()) - (caller->begin - begin));
      for (const auto& each : decode(code, caller->begin))
        if (each.branch == callee.begin) callers.insert(caller->name);
    }
    return callers;
  }

  static std::set<std::string> callers_in_module(const ObjectSymbol& callee) {
    std::set<std::string> callers;
    const auto& shipped = *callee.module;
    const Place wanted{callee.in_module->section, callee.in_module->value};
    const Code code(shipped);
    for (const auto& [section, instructions] : code.sections()) {
      if (shipped.section(section).is_init()) continue;
      for (const auto& each : instructions) {
        if (!each.branch) continue;
        const auto* relocation = code.branch_relocation(section, each);
        auto target = relocation != nullptr ? shipped.target(*relocation) : std::optional(Place{section, *each.branch});
        if (target && relocation != nullptr) target->offset += 4;
        const Symbol* caller = target == wanted ? shipped.function_covering({section, each.offset}) : nullptr;
        if (caller != nullptr && caller != callee.in_module) callers.insert(caller->name);
      }
    }
    return callers;
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
