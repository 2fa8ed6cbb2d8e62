#include "patch/emit/emit.h"

#include <algorithm>
#include <map>
#include <set>

#include "patch/emit/assembly.h"
#include "patch/emit/author.h"
#include "patch/emit/kernel.h"
#include "patch/emit/modinfo.h"
#include "patch/emit/module_symbols.h"
#include "patch/emit/relocate.h"
#include "patch/emit/resolve.h"
#include "patch/emit/sections.h"
#include "patch/emit/tables.h"

namespace suture::patch {
namespace emitter {
namespace {

Status check_request(const EmitRequest& request) {
  const auto is_fit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (request.name.empty() || !std::all_of(request.name.begin(), request.name.end(), is_fit)) {
    return fail(Error(fmt::format("'{}' cannot be a live patch's name", request.name))
                    .advise("use lower-case letters, digits and underscores"));
  }
  if (request.scaffold == nullptr || request.vermagic.empty() || request.units.empty()) {
    return fail("nothing to emit, or no scaffold or vermagic to emit it with");
  }
  for (const auto& unit : request.units) {
    if (unit.delta == nullptr || unit.match == nullptr || !unit.delta->refusals.empty()) {
      return fail("a file of {} was not made ready for a live patch", unit.object);
    }
    const bool fits = unit.object == "vmlinux" ? unit.module == nullptr
                                               : unit.module != nullptr && unit.module->name() == unit.object;
    if (!fits) return fail("{}: the shipped module that goes with {} is missing", unit.delta->source, unit.object);
    for (const auto& function : unit.delta->functions) {
      if (function.symbol < unit.delta->object.symbols.size() &&
          unit.delta->object.symbols[function.symbol].is_defined())
        continue;
      return fail("{}: {} is not in its object", unit.delta->source, function.name);
    }
  }
  return {};
}

class Emitter {
 public:
  Emitter(const EmitKernel& kernel, const EmitRequest& request) : kernel_(kernel), request_(request) {}

  Result<EmitResult> run() {
    TRY(check_request(request_));

    // Everything gets its place. From here on offsets in the module do not change.
    TRY(place_parts());
    const Resolver resolver(kernel_, parts_);
    check_definitions();

    // What livepatch and the scaffold go by. Each replaced function has its name and position.
    const auto wishes = TRY(read_author_wishes(parts_, refusals_));
    collect_objects();
    collect_functions(resolver);
    if (!refusals_.empty()) return refused();
    for (const auto& object : objects_) result_.objects.push_back({object.name, 0});
    // What only has new code, for other objects, gives livepatch nothing to do.
    std::erase_if(objects_, [&](const TableObject& object) {
      return object.functions.empty() && !wishes.callbacks.contains(object.name);
    });
    const auto tables = TRY(write_tables(assembly_, kernel_, request_.name, objects_, wishes, parts_.front()));

    // Every reference gets a target in this module, in vmlinux's exports, or by livepatch.
    auto seeing = resolver;
    seeing.provide(tables);
    const auto relocated = TRY(relocate(assembly_, parts_, seeing, refusals_));
    drop_late_calls(assembly_.object());
    check_alternatives(assembly_.object(), kernel_.layouts, refusals_);
    if (!refusals_.empty()) return refused();
    TRY(write_late_fields(assembly_, tables, objects_, kernel_.clears_relocations));

    // The module says what it is.
    TRY(write_modinfo(assembly_, kernel_, request_, relocated.exports, object_names()));
    TRY(write_versions(assembly_, *kernel_.symvers, relocated.exports));
    TRY(write_build_id_note(assembly_));

    auto module = std::move(assembly_).finish();
    TRY(check_call_sites(module));
    for (auto& object : result_.objects) {
      const auto late = relocated.late.find(object.name);
      if (late != relocated.late.end()) object.late_relocations = late->second;
    }
    result_.module = TRY(write_module(std::move(module)));
    return std::move(result_);
  }

 private:
  Result<EmitResult> refused() {
    EmitResult result;
    result.refusals = std::move(refusals_);
    return result;
  }

  Status place_parts() {
    parts_.reserve(request_.units.size() + 1);
    parts_.push_back({.object = request_.scaffold, .source = "the scaffold", .owner = "vmlinux"});
    for (const auto& unit : request_.units) {
      parts_.push_back(
          {.object = &unit.delta->object, .unit = &unit, .source = unit.delta->source, .owner = unit.object});
    }
    TRY(assembly_.add(parts_));
    for (const auto& part : parts_)
      if (part.unit != nullptr) check_sections(part);
    return {};
  }

  void check_sections(const Part& part) {
    for (std::size_t i = 1; i < part.sections.size(); ++i) {
      const auto& name = part.object->sections[i].name;
      if (part.sections[i].section == 0 || !is_discarded_after_init(name)) continue;
      refusals_.push_back({.code = "init-code",
                           .place = fmt::format("{}: {}", part.source, name),
                           .reason = "the kernel frees this section once the live patch is loaded",
                           .advice = "leave code and data for initialisation out of the fix"});
    }
  }

  // Within one object a linker would refuse this.
  void check_definitions() {
    std::map<std::pair<std::string, std::string>, std::string> sources;
    for (const auto& part : parts_) {
      if (part.unit == nullptr) continue;
      for (std::size_t i = 1; i < part.object->symbols.size(); ++i) {
        const auto& symbol = part.object->symbols[i];
        if (symbol.is_local() || symbol.bind == STB_WEAK || part.symbols[i] == 0) continue;
        const auto [it, is_new] = sources.try_emplace({part.owner, symbol.name}, part.source);
        if (is_new) continue;
        refusals_.push_back({.code = "duplicate-definition",
                             .place = fmt::format("{}: {}", part.source, symbol.name),
                             .reason = fmt::format("{} defines it too, for the same object", it->second),
                             .advice = "make one of them static, or rename it"});
      }
    }
  }

  void collect_objects() {
    std::map<std::string, const image::ShippedModule*> modules;
    bool has_vmlinux = false;
    for (const auto& unit : request_.units) {
      if (unit.module != nullptr) modules[unit.object] = unit.module;
      has_vmlinux = has_vmlinux || unit.module == nullptr;
    }
    if (has_vmlinux) objects_.push_back({.name = "vmlinux"});
    for (const auto& [name, module] : modules) {
      objects_.push_back({.name = name, .module = module});
      if (const auto note = find_build_id_note(*module); !note) {
        refusals_.push_back({.code = "module-without-build-id",
                             .place = name,
                             .reason = note.error().message(),
                             .advice = "a live patch cannot tell this module from another one of its name; patch it "
                                       "with a reboot"});
      }
    }
  }

  void collect_functions(const Resolver& resolver) {
    std::map<std::tuple<std::string, std::string, std::size_t>, std::string> replaced;
    for (const auto& part : parts_) {
      if (part.unit == nullptr) continue;
      auto object = std::find_if(objects_.begin(), objects_.end(), [&](const auto& o) { return o.name == part.owner; });
      for (const auto& function : part.unit->delta->functions) {
        if (function.original.empty()) {
          result_.functions.push_back(
              {.object = part.owner, .name = function.name, .why = function.why, .source = part.source});
          continue;
        }
        auto shipped = resolver.replaced(*part.unit, function);
        if (!shipped) {
          refusals_.push_back(std::move(shipped).error());
          continue;
        }
        const auto [it, is_new] = replaced.try_emplace({part.owner, shipped->name, shipped->position}, part.source);
        if (!is_new) {
          refusals_.push_back({.code = "duplicate-definition",
                               .place = fmt::format("{}: {}", part.source, function.original),
                               .reason = fmt::format("{} replaces the same function", it->second),
                               .advice = "let one file of the fix change it"});
          continue;
        }
        result_.functions.push_back({.object = part.owner,
                                     .name = shipped->name,
                                     .position = shipped->position,
                                     .why = function.why,
                                     .source = part.source,
                                     .moved = function.moved,
                                     .through = function.through});
        if (!function.moved) object->functions.push_back({std::move(*shipped), part.symbols[function.symbol]});
      }
    }
  }

  std::vector<std::string> object_names() const {
    std::vector<std::string> names;
    for (const auto& object : objects_) names.push_back(object.name);
    return names;
  }

  const EmitKernel& kernel_;
  const EmitRequest& request_;
  Assembly assembly_;
  std::vector<Part> parts_;  ///< the scaffold first
  std::vector<TableObject> objects_;
  std::vector<Refusal> refusals_;
  EmitResult result_;
};

}  // namespace

Result<EmitResult> emit_for(const EmitKernel& kernel, const EmitRequest& request) {
  return Emitter(kernel, request).run();
}

}  // namespace emitter

Result<EmitResult> emit(const EmitRequest& request) {
  if (request.image == nullptr || request.symvers == nullptr) return fail("emit needs a kernel image and its symvers");
  const auto& image = *request.image;
  const auto layouts = TRY(emitter::KernelLayouts::read(image.btf()));
  auto build_id = TRY(from_hex(image.build_id()));
  const emitter::EmitKernel kernel{.symbols = &image.symbols(),
                                   .symvers = request.symvers,
                                   .layouts = layouts,
                                   .build_id = std::move(build_id),
                                   .clears_relocations = !image.symbols().named("clear_relocate_add").empty(),
                                   .tracks_indirect_branches = image.tracks_indirect_branches(),
                                   .is_indirect_target = [&](std::uint64_t a) { return image.is_indirect_target(a); },
                                   .in_init = [&](std::uint64_t address) { return image.in_init(address); }};
  return emitter::emit_for(kernel, request);
}

}  // namespace suture::patch
