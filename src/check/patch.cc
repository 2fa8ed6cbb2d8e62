// struct klp_patch, replayed: what klp_enable_patch(), klp_init_object_loaded() and
// klp_patch_object() would do with it in this kernel.
#include <algorithm>
#include <array>
#include <set>

#include "check/checks.h"
#include "check/livepatch_names.h"
#include "check/object_symbols.h"

namespace suture::check {
namespace {

/// What runs while livepatch redirects a call or judges a stack: replaced, it would call itself, or
/// decide about its own replacement. From klp_ftrace_handler() and klp_try_switch_task() down
/// (kernel/livepatch, kernel/trace/ftrace.c, arch/x86/kernel/{ftrace,unwind_orc,alternative}.c).
constexpr std::array<std::string_view, 8> own_path_prefixes = {"klp_",      "__klp_", "ftrace_ops_", "unwind_",
                                                               "__unwind_", "orc_",   "text_poke",   "smp_text_poke"};
constexpr std::array<std::string_view, 12> own_path = {
    "arch_ftrace_ops_list_func", "arch_stack_walk",  "arch_stack_walk_reliable", "stack_trace_save_tsk_reliable",
    "__ftrace_lookup_ip",        "ftrace_lookup_ip", "ftrace_location",          "ftrace_location_range",
    "ftrace_hash_rec_enable",    "__text_poke",      "poke_int3_handler",        "apply_relocate_add"};

bool on_own_path(std::string_view name) {
  return std::find(own_path.begin(), own_path.end(), name) != own_path.end() ||
         std::any_of(own_path_prefixes.begin(), own_path_prefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

class PatchCheck {
 public:
  PatchCheck(const Context& context, const PatchTables& patch) : context_(context), patch_(patch) {}

  void run() {
    for (const auto& problem : patch_.problems)
      context_.finding("patch-structure", module().describe(problem.place), "{}", problem.reason);
    if (!patch_.record) {
      context_.finding("patch-missing", "init_module", "does not give a struct klp_patch to klp_enable_patch()");
      return;
    }
    check_patch_record();
    check_storage();
    std::set<std::string> names;
    for (const auto& object : patch_.objects) {
      if (!names.insert(object.name).second)
        context_.finding("object-duplicate", place(object), "is listed twice; livepatch would look at the first only");
      check_object(object);
    }
    context_.examined("functions to replace", functions_);
  }

 private:
  const ModuleFile& module() const { return context_.module; }
  static std::string place(const PatchObject& object) { return "object " + object.name; }
  static std::string place(const PatchObject& object, const PatchFunction& function) {
    return fmt::format("{}: {},{}", object.name, function.old_name, function.position);
  }

  void check_patch_record() const {
    const auto* self = module().find_symbol("__this_module");
    if (self == nullptr || patch_.mod != Place{self->section, self->value})
      context_.finding("patch-structure", "struct klp_patch", "has a mod that does not point to the module itself");
    if (!patch_.replace)
      context_.finding("patch-not-replacing", "struct klp_patch",
                       "has replace off, so it would add to patches that are loaded, and not replace them");
    if (patch_.objects.empty()) context_.finding("patch-structure", "struct klp_patch", "lists no objects");
    std::set<std::uint64_t> ids;
    for (const auto& state : patch_.states)
      if (!ids.insert(state.id).second)
        context_.finding("state-duplicate", fmt::format("state {}", state.id), "is listed twice");
  }

  /// Livepatch writes to its structures as long as the patch is loaded.
  void check_storage() const {
    for (const auto& record : patch_.records) {
      const auto& section = module().section(record.section);
      if (!section.is_allocated() || !section.is_writable() || section.is_init() ||
          section.name == ".data..ro_after_init")
        context_.finding("patch-structure", module().describe(record),
                         "is a structure of livepatch in a section that does not stay writable");
    }
  }

  void check_object(const PatchObject& object) {
    if (object.is_module) check_module_name(object);
    if (object.functions.empty() && object.callbacks.empty())
      context_.finding("object-empty", place(object), "has neither functions nor callbacks");
    for (const auto& callback : object.callbacks)
      if (!callback.function || !is_lasting_function(*callback.function))
        context_.finding("patch-callback", place(object),
                         "has a {} callback that is no function of the module that stays in memory", callback.kind);
    std::set<std::pair<std::string, std::uint64_t>> seen;
    for (const auto& function : object.functions) {
      ++functions_;
      // 0 and 1 are one place in sysfs and in klp_find_func().
      if (!seen.emplace(function.old_name, std::max<std::uint64_t>(function.position, 1)).second)
        context_.finding("function-duplicate", place(object, function), "is listed twice");
      check_replacement(object, function);
      check_original(object, function);
    }
  }

  void check_module_name(const PatchObject& object) const {
    const auto& name = object.name;
    if (name.empty() || name.size() >= module_name_limit || name.find_first_of(".-/,") != std::string::npos ||
        name == "vmlinux") {
      context_.finding("object-name", place(object), "is no module's name");
      return;
    }
    const auto shipped = context_.shipped.module(name);
    if (!shipped)
      context_.finding("object-unknown", place(object), "cannot be read: {}", shipped.error().describe());
    else if (*shipped == nullptr)
      context_.finding("object-unknown", place(object), "is a module that this kernel does not ship");
  }

  bool is_lasting_function(Place place) const {
    const auto& section = module().section(place.section);
    return section.is_code() && section.is_allocated() && !section.is_init() && module().function_at(place) != nullptr;
  }

  void check_replacement(const PatchObject& object, const PatchFunction& function) {
    if (!function.replacement || !is_lasting_function(*function.replacement))
      context_.finding("function-replacement", place(object, function),
                       "has a new_func that is no function of the module that stays in memory");
    else if (!replacements_.insert(*function.replacement).second)
      context_.finding("function-replacement", place(object, function),
                       "has the same new_func ({}) as another function", module().describe(*function.replacement));
  }

  void check_original(const PatchObject& object, const PatchFunction& function) const {
    if (function.old_name.empty() || function.old_name.size() >= symbol_name_limit) {
      context_.finding("function-unresolved", place(object, function), "has no old_name of 1 to {} characters",
                       symbol_name_limit - 1);
      return;
    }
    const auto original = find_object_symbol(context_.shipped, object.name, function.old_name, function.position);
    if (!original.found()) {
      context_.finding("function-unresolved", place(object, function), "is not found in {}: {}", object.name,
                       original.problem);
      return;
    }
    if (!original.is_function())
      context_.finding("function-unresolved", place(object, function), "is no function");
    else if (original.in_init(context_.shipped))
      context_.finding("function-init", place(object, function),
                       "lies in init memory, which is given back once it has run");
    else if (!is_traceable(context_.shipped, original))
      context_.finding("function-untraceable", place(object, function),
                       "does not begin with a call of __fentry__ that ftrace knows, so livepatch cannot replace it");
    if (!object.is_module && on_own_path(function.old_name))
      context_.finding("function-denied", place(object, function),
                       "is part of how livepatch and ftrace themselves replace functions");
  }

  const Context& context_;
  const PatchTables& patch_;
  std::set<Place> replacements_;
  std::uint64_t functions_ = 0;
};

}  // namespace

void check_patch(const Context& context, const PatchTables& patch) { PatchCheck(context, patch).run(); }

}  // namespace suture::check
