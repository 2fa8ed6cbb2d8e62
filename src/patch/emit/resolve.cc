#include "patch/emit/resolve.h"

#include <algorithm>
#include <cctype>

#include "patch/emit/module_symbols.h"
#include "patch/emit/tables.h"

namespace suture::patch::emitter {
namespace {

using tl::unexpected;

// klp_resolve_symbols() (kernel/livepatch/core.c) reads ".klp.sym.%55[^.].%511[^,],%lu".
constexpr std::size_t longest_object = 55;
constexpr std::size_t longest_symbol = 511;
// struct modversion_info (include/linux/module.h) has room for 56 bytes with the final NUL.
constexpr std::size_t longest_versioned = 55;

Refusal refuse(const Part& part, std::string code, const std::string& what, std::string reason, std::string advice) {
  return {.code = std::move(code),
          .place = fmt::format("{}: {}", part.source, what),
          .reason = std::move(reason),
          .advice = std::move(advice)};
}

Refusal unresolved(const Part& part, const std::string& name, std::string reason) {
  return refuse(part, "unresolved-symbol", name, std::move(reason),
                "refer to something that the shipped kernel has under this name, or add its definition to the fix");
}

Refusal in_init(const Part& part, const std::string& name) {
  return refuse(part, "init-reference", name,
                fmt::format("{} lies in memory that the kernel gives back after boot", name),
                "do not refer to __init code or __initdata from code that runs later");
}

bool is_code(const image::KernelSymbol& symbol) {
  return std::string_view("tTwW").find(symbol.type) != std::string_view::npos;
}

}  // namespace

Resolver::Resolver(const EmitKernel& kernel, const std::vector<Part>& parts) : kernel_(kernel) {
  for (const auto& part : parts) {
    if (part.unit == nullptr) continue;
    for (std::size_t i = 1; i < part.object->symbols.size(); ++i) {
      const auto& symbol = part.object->symbols[i];
      if (symbol.is_local() || part.symbols[i] == 0) continue;
      definitions_[symbol.name].push_back({&part, part.symbols[i]});
    }
  }
}

void Resolver::provide(const TableSymbols& tables) {
  own_ = {{"suture_patch", tables.patch}, {"suture_kernel", tables.kernel}, {"suture_targets", tables.targets}};
  this_module_ = tables.this_module;
}

// A linker would not let vmlinux refer to a module. Among modules it takes an export, which is not
// looked for here: what is new is not exported yet, and the fix is linked as one.
const Resolver::Definition* Resolver::find_definition(const Part& part, const std::string& name) const {
  const auto found = definitions_.find(name);
  if (found == definitions_.end()) return nullptr;
  const Definition* best = nullptr;
  for (const auto& definition : found->second) {
    if (definition.part->owner == part.owner) return &definition;
    if (part.owner == "vmlinux") continue;
    if (best == nullptr || definition.part->owner == "vmlinux") best = &definition;
  }
  return best;
}

tl::expected<Binding, Refusal> Resolver::resolve(const Part& part, elf::SymbolIndex index) const {
  const auto& symbol = part.object->symbols[index];
  if (part.unit != nullptr) {
    const auto& references = part.unit->delta->references;
    const auto reference =
        std::find_if(references.begin(), references.end(), [&](const auto& r) { return r.symbol == index; });
    if (reference != references.end() && !reference->original.empty()) {
      return resolve_original(part, reference->original);
    }
  }
  return resolve_name(part, symbol.name, symbol.bind == STB_WEAK);
}

tl::expected<Binding, Refusal> Resolver::resolve_original(const Part& part, const std::string& original) const {
  auto shipped = find_shipped(part, original, false);
  if (!shipped) return unexpected(std::move(shipped).error());
  // An unique name that vmlinux exports means the export, which needs no livepatch relocation.
  if (part.owner == "vmlinux" && shipped->position == 0 && shipped->name.size() <= longest_versioned) {
    const auto* ours = kernel_.symvers->find(shipped->name);
    if (ours != nullptr && ours->module_name == "vmlinux") return exported(shipped->name);
  }
  return livepatch_symbol(part, part.owner, *shipped);
}

tl::expected<Binding, Refusal> Resolver::resolve_name(const Part& part, const std::string& name, bool weak) const {
  if (const auto own = own_.find(name); own != own_.end()) {
    return Binding{.kind = Binding::Kind::definition, .symbol = own->second};
  }
  if (name == "__this_module") {
    if (part.unit == nullptr) return Binding{.kind = Binding::Kind::definition, .symbol = this_module_};
    if (part.owner == "vmlinux") return unexpected(unresolved(part, name, "vmlinux itself is no module"));
    auto shipped = find_shipped(part, name, true);
    if (!shipped) return unexpected(std::move(shipped).error());
    return livepatch_symbol(part, part.owner, *shipped);
  }
  const bool is_own = part.owner != "vmlinux" && part.unit != nullptr && has_global(*part.unit->module, name);
  const auto* definition = find_definition(part, name);
  if (definition != nullptr && (definition->part->owner == part.owner || !is_own)) {
    return Binding{.kind = Binding::Kind::definition, .symbol = definition->symbol};
  }
  const auto* shipped_export = kernel_.symvers->find(name);
  const bool from_vmlinux = shipped_export != nullptr && shipped_export->module_name == "vmlinux";
  if (is_own) {
    auto shipped = find_shipped(part, name, true);
    if (!shipped) return unexpected(std::move(shipped).error());
    return livepatch_symbol(part, part.owner, *shipped);
  }
  if (from_vmlinux && name.size() <= longest_versioned) return exported(name);
  if (shipped_export != nullptr && !from_vmlinux) {
    if (part.owner == "vmlinux") {
      return unexpected(refuse(part, "vmlinux-uses-module", name,
                               fmt::format("{} is exported by the module {}, and vmlinux cannot depend on a module",
                                           name, shipped_export->module_name),
                               "move the change into a module, or do without this symbol"));
    }
    return livepatch_symbol(part, shipped_export->module_name, {.name = name});
  }
  if (kernel_.symbols->named(name).empty() && weak) return Binding{};
  const Part vmlinux{.object = part.object, .unit = nullptr, .source = part.source, .owner = "vmlinux"};
  auto shipped = find_shipped(vmlinux, name, true);
  if (!shipped) return unexpected(std::move(shipped).error());
  return livepatch_symbol(part, "vmlinux", *shipped);
}

tl::expected<ShippedName, Refusal> Resolver::find_shipped(const Part& part, const std::string& name,
                                                          bool only_global) const {
  if (!only_global && part.unit != nullptr) {
    const auto& matched = part.unit->match->symbols;
    if (const auto found = matched.find(name); found != matched.end()) {
      if (part.owner == "vmlinux" && kernel_.in_init(found->second.address)) return unexpected(in_init(part, name));
      return ShippedName{.name = found->second.name, .position = found->second.position};
    }
    const auto& unreachable = part.unit->match->unreachable;
    if (const auto why = unreachable.find(name); why != unreachable.end()) {
      return unexpected(unresolved(part, name, why->second));
    }
  }
  if (part.unit != nullptr && part.owner != "vmlinux") {
    auto found = find_in_module(*part.unit->module, name, only_global);
    if (!found) return unexpected(unresolved(part, name, std::move(found).error()));
    return ShippedName{.name = name, .position = *found};
  }
  const auto& symbols = kernel_.symbols->symbols();
  auto candidates = kernel_.symbols->named(name);
  if (candidates.empty()) {
    return unexpected(unresolved(part, name, "the shipped kernel neither exports nor has a symbol of this name"));
  }
  if (only_global && candidates.size() > 1) {
    std::erase_if(candidates, [&](auto i) { return std::isupper(static_cast<unsigned char>(symbols[i].type)) == 0; });
  }
  if (candidates.size() != 1) {
    return unexpected(unresolved(part, name,
                                 fmt::format("the shipped kernel has {} symbols of this name, and no function that was "
                                             "matched with shipped code refers to the one that is meant",
                                             kernel_.symbols->named(name).size())));
  }
  const auto index = candidates.front();
  if (kernel_.in_init(symbols[index].address)) {
    return unexpected(in_init(part, name));
  }
  // A per-CPU variable at the very start of its area; livepatch takes address 0 for "not found".
  if (symbols[index].address == 0) {
    return unexpected(unresolved(part, name, "its address is 0, which livepatch cannot tell from a missing symbol"));
  }
  return ShippedName{.name = name, .position = kernel_.symbols->position_of(index)};
}

tl::expected<Binding, Refusal> Resolver::livepatch_symbol(const Part& part, const std::string& object,
                                                          const ShippedName& symbol) const {
  if (object.size() > longest_object || object.find('.') != std::string::npos || symbol.name.size() > longest_symbol ||
      symbol.name.find(',') != std::string::npos) {
    return unexpected(refuse(part, "symbol-name", symbol.name,
                             fmt::format("livepatch cannot be told of a symbol of this name in {}", object),
                             "do not refer to it"));
  }
  return Binding{.kind = Binding::Kind::livepatch,
                 .name = fmt::format(".klp.sym.{}.{},{}", object, symbol.name, symbol.position),
                 .object = object,
                 .is_call_only = is_call_only(part, object, symbol)};
}

// A name that is exported belongs to one global symbol, and perhaps to local ones.
Binding Resolver::exported(const std::string& name) const {
  const auto& symbols = kernel_.symbols->symbols();
  const auto named = kernel_.symbols->named(name);
  const auto is_closed = [&](std::size_t i) {
    return kernel_.tracks_indirect_branches && is_code(symbols[i]) &&
           std::isupper(static_cast<unsigned char>(symbols[i].type)) != 0 &&
           !kernel_.is_indirect_target(symbols[i].address);
  };
  return {.kind = Binding::Kind::exported,
          .name = name,
          .is_call_only = std::any_of(named.begin(), named.end(), is_closed)};
}

// What other modules export their own sources use too, through pointers or not: it is not sealed.
bool Resolver::is_call_only(const Part& part, const std::string& object, const ShippedName& symbol) const {
  if (!kernel_.tracks_indirect_branches) return false;
  const auto place = symbol.position == 0 ? 0 : symbol.position - 1;
  if (object == "vmlinux") {
    const auto named = kernel_.symbols->named(symbol.name);
    if (place >= named.size()) return false;
    const auto& found = kernel_.symbols->symbols()[named[place]];
    return is_code(found) && !kernel_.is_indirect_target(found.address);
  }
  if (part.unit == nullptr || part.unit->module == nullptr || object != part.owner) return false;
  const auto& module = *part.unit->module;
  const auto named = module.named(symbol.name);
  if (place >= named.size()) return false;
  const auto& found = module.object().symbols[named[place]];
  return found.is_defined() && module.object().sections[found.section].is_code() &&
         !module.is_indirect_target(named[place]);
}

tl::expected<ShippedName, Refusal> Resolver::replaced(const EmitUnit& unit, const DeltaFunction& function) const {
  const Part part{.object = &unit.delta->object, .unit = &unit, .source = unit.delta->source, .owner = unit.object};
  return find_shipped(part, function.original, false);
}

}  // namespace suture::patch::emitter
