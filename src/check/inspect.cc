#include "check/inspect.h"

#include <algorithm>
#include <array>
#include <map>

#include "check/code.h"
#include "check/livepatch_names.h"
#include "check/module_file.h"
#include "check/patch_tables.h"
#include "check/suture_tables.h"

namespace suture::check {
namespace {

constexpr std::array<std::string_view, 15> tables = {".orc_unwind",       ".orc_unwind_ip",   "__mcount_loc",
                                                     ".return_sites",     ".retpoline_sites", ".call_sites",
                                                     ".smp_locks",        ".altinstructions", ".altinstr_replacement",
                                                     ".parainstructions", "__jump_table",     ".static_call_sites",
                                                     "__bug_table",       "__ex_table",       ".ibt_endbr_seal"};

InspectedSizes sizes_of(const ModuleFile& module, std::uint64_t file) {
  InspectedSizes sizes{.file = file};
  for (const auto& section : module.sections()) {
    if (!section.is_allocated() || section.is_livepatch()) continue;
    if (section.is_init())
      sizes.init += section.size;
    else if (std::find(tables.begin(), tables.end(), section.name) != tables.end())
      sizes.tables += section.size;
    else if (section.is_code())
      sizes.code += section.size;
    else if (section.is_writable())
      sizes.data += section.size;
    else
      sizes.read_only += section.size;
  }
  return sizes;
}

std::vector<InspectedImport> imports_of(const ModuleFile& module) {
  std::map<std::string, std::string> crcs;
  if (const auto* versions = module.find("__versions"); versions != nullptr) {
    constexpr std::uint64_t record = 64;  // struct modversion_info: a CRC of 8 bytes, a name
    for (std::uint64_t at = 0; at + record <= versions->data.size(); at += record)
      if (const auto name = Reader(versions->data, "").string(at + 8))
        crcs.emplace(*name, fmt::format("{:#010x}", load_le<std::uint64_t>(versions->data, at)));
  }
  std::vector<InspectedImport> imports;
  for (const auto& symbol : module.symbols())
    if (symbol.section == SHN_UNDEF && !symbol.name.empty()) imports.push_back({symbol.name, crcs[symbol.name]});
  std::sort(imports.begin(), imports.end(), [](const auto& a, const auto& b) { return a.symbol < b.symbol; });
  return imports;
}

std::vector<InspectedSymbol> livepatch_symbols_of(const ModuleFile& module) {
  std::vector<InspectedSymbol> symbols;
  for (const auto& symbol : module.symbols())
    if (const auto name = symbol.section == shn_livepatch ? parse_livepatch_symbol(symbol.name) : std::nullopt)
      symbols.push_back({name->object, name->name, name->position});
  std::sort(symbols.begin(), symbols.end(), [](const auto& a, const auto& b) {
    return std::tie(a.object, a.name, a.position) < std::tie(b.object, b.name, b.position);
  });
  return symbols;
}

const Symbol* function_at(const ModuleFile& module, const std::optional<Place>& place) {
  return place ? module.function_at(*place) : nullptr;
}

InspectedObject describe(const ModuleFile& module, const PatchObject& object) {
  InspectedObject result{.name = object.name, .build_id = {}, .functions = {}, .callbacks = {}};
  if (object.is_module) {
    if (const auto target = suture_target(module, object.name)) result.build_id = target->build_id;
  } else if (const auto kernel = suture_kernel(module)) {
    result.build_id = kernel->build_id;
  }
  for (const auto& function : object.functions) {
    const auto* replacement = function_at(module, function.replacement);
    result.functions.push_back({.name = function.old_name,
                                .position = function.position,
                                .replacement = replacement != nullptr ? replacement->name : "",
                                .size = replacement != nullptr ? replacement->size : 0});
  }
  for (const auto& callback : object.callbacks) {
    const auto* function = function_at(module, callback.function);
    result.callbacks.push_back({callback.kind, function != nullptr ? function->name : ""});
  }
  return result;
}

}  // namespace

Result<Inspection> inspect_module(ByteView file, std::string_view name) {
  const auto [bytes, signature] = strip_signature(file);
  const auto module = TRY(ModuleFile::parse(bytes, name));
  const auto patch = read_patch_tables(module, Code(module), PatchLayout::usual());

  Inspection result;
  result.name = module.modinfo("name").value_or("");
  result.vermagic = module.modinfo("vermagic").value_or("");
  result.release = result.vermagic.substr(0, result.vermagic.find(' '));
  result.build_id = module.build_id();
  result.is_live_patch = module.modinfo("livepatch").has_value();
  result.replaces = patch.replace;
  result.signature = signature;
  for (const auto& object : patch.objects) result.objects.push_back(describe(module, object));
  for (const auto& state : patch.states) result.states.push_back({state.id, state.version});
  result.imports = imports_of(module);
  result.livepatch_symbols = livepatch_symbols_of(module);
  result.sizes = sizes_of(module, file.size());
  for (auto& entry : module.modinfo()) result.modinfo.push_back({std::move(entry.key), std::move(entry.value)});
  for (const auto& problem : patch.problems)
    result.problems.push_back(fmt::format("{}: {}", module.describe(problem.place), problem.reason));
  return result;
}

}  // namespace suture::check
