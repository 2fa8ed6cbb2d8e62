#include "check/callers.h"

#include <algorithm>
#include <map>
#include <set>

#include "check/code.h"

namespace suture::check {
namespace {

std::vector<Caller> callers_in_kernel(const Shipped& shipped, const KernelSymbol& callee) {
  std::map<std::uint64_t, KernelSymbol> callers;
  const auto begin = shipped.text_begin();
  const auto text = shipped.bytes(begin, shipped.text_end() - begin);
  if (!text) return {};
  constexpr std::size_t distance = 4;
  for (std::size_t at = 1; at + distance <= text->size(); ++at) {
    const auto to =
        begin + at + distance + static_cast<std::uint64_t>(static_cast<std::int64_t>(load_le<std::int32_t>(*text, at)));
    if (to != callee.begin) continue;
    const auto caller = shipped.symbol_at(begin + at);
    if (!caller || caller->begin == callee.begin || caller->begin < begin) continue;
    // Other bytes can look like a distance: only an instruction that ends with it counts.
    const auto code = text->subspan(caller->begin - begin,
                                    std::min<std::size_t>(caller->end - begin, text->size()) - (caller->begin - begin));
    for (const auto& each : decode(code, caller->begin))
      if (each.branch == callee.begin) callers.emplace(caller->begin, *caller);
  }
  std::vector<Caller> found;
  for (const auto& [address, caller] : callers) {
    ObjectSymbol symbol;
    symbol.in_kernel = caller;
    found.push_back({.object = "vmlinux", .name = caller.name, .symbol = std::move(symbol)});
  }
  return found;
}

std::vector<Caller> named(const ModuleFile& module, const std::string& object, const std::set<const Symbol*>& callers) {
  std::vector<Caller> found;
  for (const auto* caller : callers) {
    ObjectSymbol symbol;
    symbol.in_module = caller;
    symbol.module = &module;
    found.push_back({.object = object, .name = caller->name, .symbol = std::move(symbol)});
  }
  std::ranges::stable_sort(found, {}, &Caller::name);
  return found;
}

std::vector<Caller> callers_in_module(const ModuleFile& shipped, const std::string& object, const Symbol& callee) {
  std::set<const Symbol*> callers;
  const Place wanted{callee.section, callee.value};
  const Code code(shipped);
  for (const auto& [section, instructions] : code.sections()) {
    if (shipped.section(section).is_init()) continue;
    for (const auto& each : instructions) {
      if (!each.branch) continue;
      const auto* relocation = code.branch_relocation(section, each);
      auto target = relocation != nullptr ? shipped.target(*relocation) : std::optional(Place{section, *each.branch});
      if (target && relocation != nullptr) target->offset += 4;
      const Symbol* caller = target == wanted ? shipped.function_covering({section, each.offset}) : nullptr;
      if (caller != nullptr && caller != &callee) callers.insert(caller);
    }
  }
  return named(shipped, object, callers);
}

/// Whatever refers to a symbol that the module imports: a call, or the address in code or data.
std::vector<Caller> users_of_import(const ModuleFile& module, const std::string& object, const std::string& name) {
  std::set<const Symbol*> functions;
  std::vector<Caller> found;
  for (const auto& section : module.sections()) {
    if (!section.is_allocated() || describes_code(section.name)) continue;
    for (const auto& relocation : section.relocations) {
      const auto& symbol = module.symbol(relocation);
      if (symbol.is_defined() || symbol.name != name) continue;
      const auto* user = module.function_covering({section.index, relocation.offset});
      if (user != nullptr) {
        functions.insert(user);
      } else {
        ObjectSymbol none;
        none.problem = "is no function";
        found.push_back({.object = object, .name = section.name, .symbol = std::move(none)});
      }
    }
  }
  const auto calling = named(module, object, functions);
  found.insert(found.end(), calling.begin(), calling.end());
  return found;
}

}  // namespace

Result<std::vector<Caller>> callers_of(const Shipped& shipped, const std::string& object,
                                       const ObjectSymbol& function) {
  const auto& name = function.in_kernel ? function.in_kernel->name : function.in_module->name;
  auto callers = function.in_kernel ? callers_in_kernel(shipped, *function.in_kernel)
                                    : callers_in_module(*function.module, object, *function.in_module);
  const auto* exported = shipped.find_export(name);
  if (exported == nullptr || exported->module_name != object) return callers;
  for (const auto& importer : TRY(shipped.importers(name))) {
    const auto* module = TRY(shipped.module(importer));
    if (module == nullptr) return fail("the kernel has no module {}", importer);
    const auto users = users_of_import(*module, importer, name);
    callers.insert(callers.end(), users.begin(), users.end());
  }
  return callers;
}

}  // namespace suture::check
