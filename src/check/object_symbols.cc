#include "check/object_symbols.h"

#include <algorithm>

namespace suture::check {
namespace {

/// Which of `count` symbols livepatch takes; none, and why not.
struct Choice {
  std::optional<std::size_t> index;
  std::string problem;
};

Choice choose(std::size_t count, std::uint64_t position) {
  if (count == 0) return {std::nullopt, "it has no symbol of this name"};
  if (position == 0) {
    if (count > 1)
      return {std::nullopt, fmt::format("{} of its symbols have this name, and no position says which", count)};
    return {0, {}};
  }
  if (position > count)
    return {std::nullopt,
            fmt::format("position {} is asked for, but {} of its symbols have this name", position, count)};
  return {static_cast<std::size_t>(position - 1), {}};
}

/// is_core_symbol() in kernel/module/kallsyms.c, with CONFIG_KALLSYMS_ALL.
bool stays_in_memory(const ModuleFile& module, const Symbol& symbol) {
  if (!symbol.is_defined() || symbol.name.empty()) return false;
  const auto& section = module.section(symbol.section);
  if (section.name == ".data..percpu") return true;
  // The loader takes SHF_ALLOC away from these two.
  return section.is_allocated() && !section.is_init() && section.name != ".modinfo" && section.name != "__versions";
}

ObjectSymbol find_in_module(const ModuleFile& module, std::string_view name, std::uint64_t position) {
  std::vector<const Symbol*> coming;
  std::vector<const Symbol*> live;
  for (const auto& symbol : module.symbols()) {
    if (symbol.name != name || symbol.section == SHN_UNDEF) continue;
    coming.push_back(&symbol);
    if (stays_in_memory(module, symbol)) live.push_back(&symbol);
  }
  ObjectSymbol found{.problem = {}, .among = coming.size(), .in_kernel = {}, .module = &module};
  const auto early = choose(coming.size(), position);
  const auto late = choose(live.size(), position);
  if (!early.index)
    found.problem = early.problem;
  else if (!late.index)
    found.problem = fmt::format("once the module runs, {}", late.problem);
  else if (coming[*early.index] != live[*late.index])
    found.problem = fmt::format("position {} is one symbol while the module loads, and another once it runs", position);
  else
    found.in_module = coming[*early.index];
  return found;
}

}  // namespace

bool ObjectSymbol::in_init(const Shipped& shipped) const {
  if (in_kernel) return shipped.in_init(in_kernel->begin);
  return in_module != nullptr && in_module->is_defined() && module->section(in_module->section).is_init();
}

bool ObjectSymbol::is_function() const {
  if (in_kernel) return in_kernel->is_code();
  return in_module != nullptr && in_module->is_function() && in_module->is_defined();
}

ObjectSymbol find_object_symbol(const Shipped& shipped, std::string_view object, std::string_view name,
                                std::uint64_t position) {
  if (object == "vmlinux") {
    const auto symbols = shipped.symbols(name);
    auto choice = choose(symbols.size(), position);
    ObjectSymbol found{.problem = std::move(choice.problem), .among = symbols.size(), .in_kernel = {}};
    if (choice.index) found.in_kernel = symbols[*choice.index];
    return found;
  }
  const auto module = shipped.module(object);
  if (!module) return {.problem = module.error().describe(), .in_kernel = {}};
  if (*module == nullptr) return {.problem = "this kernel ships no such module", .in_kernel = {}};
  return find_in_module(**module, name, position);
}

std::vector<ObjectSymbol> all_object_symbols(const Shipped& shipped, std::string_view object, std::string_view name) {
  std::vector<ObjectSymbol> all;
  if (object == "vmlinux") {
    for (auto& symbol : shipped.symbols(name)) all.push_back({.problem = {}, .in_kernel = std::move(symbol)});
  } else if (const auto module = shipped.module(object); module && *module != nullptr) {
    for (const auto& symbol : (*module)->symbols())
      if (symbol.name == name && symbol.section != SHN_UNDEF)
        all.push_back({.problem = {}, .in_kernel = {}, .in_module = &symbol, .module = *module});
  }
  for (auto& symbol : all) symbol.among = all.size();
  return all;
}

std::optional<ByteView> code_of(const Shipped& shipped, const ObjectSymbol& function) {
  if (function.in_kernel) {
    // No function of the kernel is as long; guards against a symbol table with a gap.
    constexpr std::uint64_t longest_function = 1U << 20;
    const auto size = function.in_kernel->end - function.in_kernel->begin;
    const auto bytes = shipped.bytes(function.in_kernel->begin, std::min(size, longest_function));
    return bytes ? std::optional(*bytes) : std::nullopt;
  }
  if (function.in_module == nullptr || !function.in_module->is_defined()) return std::nullopt;
  const auto bytes = Reader(function.module->section(function.in_module->section).data, "")
                         .slice(function.in_module->value, function.in_module->size);
  return bytes ? std::optional(*bytes) : std::nullopt;
}

bool is_traceable(const Shipped& shipped, const ObjectSymbol& function) {
  if (function.in_kernel) return shipped.is_traceable(function.in_kernel->begin);
  if (function.in_module == nullptr || !function.in_module->is_defined()) return false;
  const Section* sites = function.module->find("__mcount_loc");
  if (sites == nullptr) return false;
  constexpr std::array<std::uint8_t, 4> endbr64 = {0xf3, 0x0f, 0x1e, 0xfa};
  const auto& code = function.module->section(function.in_module->section).data;
  auto entry = function.in_module->value;
  if (const auto first = Reader(code, "").slice(entry, endbr64.size());
      first && std::equal(first->begin(), first->end(), endbr64.begin()))
    entry += endbr64.size();
  return std::any_of(sites->relocations.begin(), sites->relocations.end(), [&](const Relocation& site) {
    return function.module->target(site) == Place{function.in_module->section, entry};
  });
}

}  // namespace suture::check
