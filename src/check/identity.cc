// A release string is no identity. The live patches made here carry the build-ids of the kernel and
// of the modules they are for, and compare them before anything is patched
// (suture_tables.h). Those must be the shipped ones', and the code that compares them must be there.
//
// A live patch from elsewhere carries nothing of the kind: that is worth a note, no finding.
#include <algorithm>
#include <map>

#include "check/checks.h"
#include "check/livepatch_names.h"
#include "check/object_symbols.h"
#include "check/suture_tables.h"

namespace suture::check {
namespace {

/// Where layout_sections() (kernel/module/main.c) puts a section among a module's read-only data, which
/// it places in the order of the file. None for a section that does not go there.
std::optional<std::uint64_t> offset_in_read_only(const ModuleFile& module, std::uint32_t wanted) {
  std::uint64_t end = 0;
  for (const auto& section : module.sections()) {
    if (!section.is_allocated() || section.is_writable() || section.is_code() || section.is_init() ||
        section.name == ".modinfo" || section.name == "__versions")
      continue;
    if (section.size > UINT32_MAX || section.alignment > UINT32_MAX) return std::nullopt;
    const auto begin = align_up(end, section.alignment);
    if (section.index == wanted) return begin;
    end = begin + section.size;
  }
  return std::nullopt;
}

class Identity {
 public:
  Identity(const Context& context, const PatchTables& patch) : context_(context), patch_(patch) {}

  void run() const {
    const auto kernel = suture_kernel(module());
    if (!kernel && !has_suture_targets(module())) {
      context_.note("identity-unchecked", "init_module", "does not look at the build-id of the kernel that loads it");
      return;
    }
    if (kernel)
      check_kernel(*kernel);
    else
      context_.finding("identity-kernel", "suture_kernel", "does not exist, so the running kernel is not compared");
    for (const auto& each : patch_.objects)
      if (each.is_module) check_target(each);
  }

 private:
  const ModuleFile& module() const { return context_.module; }

  /// Whether the code of a function refers to what lies at `place`.
  bool refers(const Symbol& function, Place place) const {
    const auto relocations = module().relocations_in({function.section, function.value}, function.size);
    return std::any_of(relocations.begin(), relocations.end(), [&](const Relocation& each) {
      const auto target = context_.code.target(function.section, each);
      // The compiler may compare in several parts.
      return target && target->section == place.section && target->offset >= place.offset &&
             target->offset - place.offset < build_id_size;
    });
  }

  bool refers(const Symbol& function, std::string_view import) const {
    const auto relocations = module().relocations_in({function.section, function.value}, function.size);
    // Exported or not: then livepatch's name for it is ".klp.sym.vmlinux.NAME,POSITION".
    const auto livepatch_name = fmt::format(".klp.sym.vmlinux.{},", import);
    return std::any_of(relocations.begin(), relocations.end(), [&](const Relocation& each) {
      const auto& name = module().symbol(each).name;
      return name == import || name.starts_with(livepatch_name);
    });
  }

  void check_kernel(const SutureKernel& kernel) const {
    if (kernel.build_id != context_.shipped.build_id())
      context_.finding("identity-kernel", "suture_kernel", "has build-id {}, this kernel's is {}", kernel.build_id,
                       context_.shipped.build_id());
    const Symbol* init = module().find_symbol("init_module");
    if (init == nullptr || !refers(*init, kernel.place) || !refers(*init, "vmlinux_build_id"))
      context_.finding("identity-kernel", "init_module",
                       "does not compare suture_kernel with the running kernel's vmlinux_build_id");
  }

  void check_target(const PatchObject& object) const {
    const auto place = "object " + object.name;
    const auto shipped = context_.shipped.module(object.name);
    if (!shipped || *shipped == nullptr) return;  // check_patch() has said so
    const auto target = suture_target(module(), object.name);
    if (!target) {
      context_.finding("identity-module", place,
                       "is not in suture_targets, so the module that is loaded is not compared");
      return;
    }
    if (const auto expected = (*shipped)->build_id(); target->build_id != expected)
      context_.finding("identity-module", place, "has build-id {} in suture_targets, the shipped module's is {}",
                       target->build_id, expected);
    check_note(place, object.name, **shipped, target->note);
    check_fields(place, *target);
    check_callback(place, object);
  }

  /// What livepatch relocates for this module must be listed, or the module could not come again.
  void check_fields(const std::string& place, const SutureTarget& target) const {
    std::map<Place, std::uint64_t> relocated;
    for (const auto& section : module().sections())
      for (const auto& relocation : section.relocations)
        if (const auto name = parse_livepatch_section(module().section(relocation.from).name);
            name && name->object == target.object)
          relocated.emplace(Place{section.index, relocation.offset}, width_of(relocation.type).value_or(0));
    for (const auto& field : target.fields) {
      const auto found = relocated.find(field.where);
      if (found == relocated.end() || found->second != field.size)
        context_.finding("identity-module", place,
                         "lists {} bytes at {} in suture_targets to be cleared, which livepatch does not write",
                         field.size, module().describe(field.where));
      if (found != relocated.end()) relocated.erase(found);
    }
    for (const auto& [where, size] : relocated)
      context_.finding("identity-module", place,
                       "does not list {} in suture_targets: the module could not be loaded again",
                       module().describe(where));
  }

  /// The pointer to the loaded module's note is a livepatch relocation: it must lead to the note.
  void check_note(const std::string& place, const std::string& object, const ModuleFile& shipped, Place field) const {
    const auto* relocation = module().relocation_at(field);
    const auto name = relocation != nullptr ? parse_livepatch_symbol(module().symbol(*relocation).name) : std::nullopt;
    const auto found = name && name->object == object
                           ? find_object_symbol(context_.shipped, object, name->name, name->position)
                           : ObjectSymbol{.problem = "-", .in_kernel = {}};
    const Section* note = shipped.find(".note.gnu.build-id");
    if (!found.found() || found.in_module == nullptr || note == nullptr || relocation->type != R_X86_64_64 ||
        !found.in_module->is_defined()) {
      context_.finding("identity-module", place, "has no way to its build-id note in suture_targets");
      return;
    }
    const auto from = offset_in_read_only(shipped, found.in_module->section);
    const auto to = offset_in_read_only(shipped, note->index);
    const auto there = found.in_module->section == note->index
                           ? std::optional(std::uint64_t{0})
                           : (from && to ? std::optional(*to - *from) : std::nullopt);
    if (there != found.in_module->value + static_cast<std::uint64_t>(relocation->addend))
      context_.finding("identity-module", place,
                       "looks for its build-id note at {}{:+#x} in memory, which is not where the loader puts it",
                       name->name, relocation->addend);
  }

  void check_callback(const std::string& place, const PatchObject& object) const {
    const auto callback = std::find_if(object.callbacks.begin(), object.callbacks.end(),
                                       [](const PatchCallback& each) { return each.kind == "pre_patch"; });
    const Symbol* function =
        callback != object.callbacks.end() && callback->function ? module().function_at(*callback->function) : nullptr;
    if (function == nullptr || function->name != "suture_enter_target")
      context_.finding("identity-module", place,
                       "has no pre_patch callback suture_enter_target() to compare its build-id");
  }

  const Context& context_;
  const PatchTables& patch_;
};

}  // namespace

void check_identity(const Context& context, const PatchTables& patch) { Identity(context, patch).run(); }

}  // namespace suture::check
